"""What the pages of an inspection share: the inspection itself, its tabs, and who may do what."""

from functools import cached_property
from typing import Any
from uuid import UUID

from services.casefile.console.page import PageNotFound, Redirect
from services.casefile.console.visit import Visit
from services.casefile.console.waiting import read_once
from services.casefile.domain.inspection_refusals import InspectionNotFound
from services.casefile.history.inspection_rows import InspectionShown
from services.casefile.history.population import Scope

TABS = (
    ("", "Inspection"),
    ("/examination-sheet", "Examination sheet"),
    ("/callback-sheet", "Callback sheet"),
    ("/changes", "Since the last one"),
    ("/minutes", "Minutes"),
)


class InspectionPage:
    """One inspection, read once for the page that shows it."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @property
    def id(self) -> UUID:
        try:
            return self._visit.id("inspection_id")
        except PageNotFound:
            raise InspectionNotFound from None

    @property
    def address(self) -> str:
        return f"/inspections/{self.id}"

    @cached_property
    def shown(self) -> InspectionShown:
        desk = self._visit.desk
        return desk.product.inspections.show(self.id, desk.today)

    def population(self) -> Redirect | None:
        """Everybody who could be drawn, read before one needs it; where to look on if that takes long.

        What a cut shows never changes, so it is read once.
        """
        product = self._visit.desk.product
        scope = Scope.of(product.inspections.facts(self.id))
        found = read_once(
            self._visit,
            self._visit.address,
            lambda making: product.populations.of(scope, making.read),
        )
        return found if isinstance(found, Redirect) else None

    def context(self, tab: str) -> dict[str, Any]:
        return {
            "inspection": self.shown,
            "address": self.address,
            "tab": tab,
            "tabs": TABS,
            "may_inspect": self._visit.may("inspect") and self.shown.state == "open",
        }
