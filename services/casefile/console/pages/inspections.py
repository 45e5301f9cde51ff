"""The inspections there are, newest first, and the form that opens one."""

from typing import Any

from services.casefile.api.listing import AskedPage, Text
from services.casefile.console.listing import Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.readmodels.inspections import InspectionFilter, InspectionRow, Inspections
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column, Scope

MODELS = ("inspections",)
COLUMNS = (
    Column("inspection_id", "inspection_id"),
    Column("unit", "unit", "unit"),
    Column("ordered_by", "ordered_by", "unit"),
    Column("inspection_kind", "inspection_kind", "code"),
    Column("starts_on", "starts_on", "day"),
    Column("as_of", "as_of", "day"),
    Column("inspection_state", "state", "code"),
    Column("drawn", "drawn", "count"),
    Column("examined", "examined", "count"),
    Column("called_back", "called_back", "count"),
    Column("findings", "Findings", "count"),
    Column("unsettled", "unsettled", "count"),
    Column("overdue", "overdue", "count"),
)


class AskedInspections(AskedPage):
    """The filters of the list; `under` is a unit with all below it."""

    under: Text | None = None
    state: Text | None = None


def show(visit: Visit) -> Answer:
    asked, inspections = visit.asked(AskedInspections), Inspections(visit.desk.pool)
    wanted, today = InspectionFilter(under=asked.under, state=asked.state), visit.desk.today

    def ask(place: Cursor | None, limit: int) -> PageOfRows[InspectionRow]:
        return inspections.page(wanted, today, place, limit)

    asking, scope = Asking(visit, asked, ask), Scope(unit=asked.under)
    rows, following = ([], None) if visit.format else asking.page()
    told = (cells_of(row) for row in asking.every())
    report = report_of(
        visit, "inspections", "Inspections", COLUMNS, told, scope=scope, models=MODELS
    )
    context = {"rows": rows, "next": following}
    return Shown(
        template="inspections.html", title="Inspections", context=context, report=report,
        models=MODELS,
    )  # fmt: skip


def cells_of(row: InspectionRow) -> tuple[Any, ...]:
    """What a state is called depends on whose it is."""
    others = [column for column in COLUMNS if column.name != "inspection_state"]
    told = dict(zip((c.name for c in others), cells(others, row), strict=True))
    told |= {"inspection_state": row.state, "inspection_id": str(row.inspection_id)}
    return tuple(told[column.name] for column in COLUMNS)


def pages() -> list[Page]:
    return [Page("/inspections", "read_inspections", show, label="Inspections", files=True)]
