"""Pages that are one list: its filters, a table, and the same list as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.casefile.api.access import Action
from services.casefile.api.listing import AskedPage
from services.casefile.console.listing import Ask, Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.reports.report import Column, Scope, Table


@dataclass(frozen=True)
class Filter:
    """A field above the list: an input, or a choice of codes."""

    name: str
    label: str
    kind: str = "text"
    codes: Sequence[str] = ()


@dataclass(frozen=True)
class ListPage:
    """What makes the page; `ask` gives the question its rows come from."""

    path: str
    action: Action
    title: str
    models: tuple[str, ...]
    asked: type[AskedPage]
    filters: Sequence[Filter]
    columns: Sequence[Column]
    ask: Callable[[Visit, Any], Ask]
    label: str = ""
    notes: Sequence[str] = ()
    row_link: str | None = None
    row_action: Action | None = None
    above: Callable[[Visit, Any], Table] | None = None

    def show(self, visit: Visit) -> Answer:
        asked = visit.asked(self.asked)
        asking = Asking(visit, asked, self.ask(visit, asked))
        rows, following = ([], None) if visit.format else asking.page()
        above = None if self.above is None or visit.format else self.above(visit, asked)
        context = {
            "table": self._table(rows),
            "above": above,
            "next": following,
            "filters": self.filters,
            "row_link": self.row_link if self.row_action and visit.may(self.row_action) else None,
        }
        told = (cells(self.columns, row) for row in asking.every())
        report = report_of(
            visit, self.path.strip("/"), self.title, self.columns, told,
            scope=self._scope(asked), models=self.models, notes=self.notes,
        )  # fmt: skip
        return Shown(
            template="list.html", title=self.title, context=context, report=report,
            models=self.models,
        )  # fmt: skip

    def page(self) -> Page:
        return Page(self.path, self.action, self.show, label=self.label, files=True)

    def _table(self, rows: Sequence[Any]) -> Table:
        told = [cells(self.columns, row) for row in rows]
        name = self.path.strip("/")
        return Table(name=name, title=self.title, columns=self.columns, rows=told, notes=self.notes)

    def _scope(self, asked: Any) -> Scope:
        return Scope(unit=getattr(asked, "under", None), staff=getattr(asked, "staff", None))
