"""Puts a page together: the layout around it, the navigation, and refusals as pages of their own."""

from collections.abc import Sequence
from typing import Any

from services.casefile.api.problems import problem, seen
from services.casefile.api.refusals import NotSignedIn
from services.casefile.console.desk import Currency
from services.casefile.console.page import FORMATS, Page, Shown
from services.casefile.console.templating import Templates
from services.casefile.console.visit import Visit
from services.casefile.domain.refusals import CasefileError


class Rendering:
    """Knows the pages that have a place in the navigation."""

    def __init__(self, templates: Templates, pages: Sequence[Page]) -> None:
        self._templates = templates
        self._places = [page for page in pages if page.label]

    def page(self, visit: Visit, shown: Shown) -> tuple[int, bytes]:
        offered = FORMATS if shown.report is not None else ()
        context: dict[str, Any] = {
            "title": shown.title,
            "name": shown.name,
            "report": shown.report,
            "formats": offered,
            "pins": shown.pins,
            "currency": self._currency(visit, shown.models),
            **self._around(visit),
            **shown.context,
        }
        return shown.status, self._templates.render(shown.template, visit, context)

    def refusal(self, visit: Visit, error: CasefileError) -> tuple[int, bytes]:
        """What is wrong and what to do next, in the words the API has for it."""
        told = problem(seen(error), visit.exchange)
        context = {
            "title": told["title"],
            "name": "",
            "problem": told,
            "is_signed_out": isinstance(error, NotSignedIn),
            "currency": None,
            "report": None,
            "formats": (),
            **self._around(visit),
        }
        return told["status"], self._templates.render("problem.html", visit, context)

    def _around(self, visit: Visit) -> dict[str, Any]:
        actor = visit.exchange.actor
        places = [page for page in self._places if actor and visit.may(page.action)]
        return {"actor": actor, "places": places, "here": visit.page}

    def _currency(self, visit: Visit, models: Sequence[str]) -> Currency | None:
        return visit.desk.currency(models) if models else None
