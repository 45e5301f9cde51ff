"""What moved since the last inspection of the same scope: counts, and the records behind them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from services.casefile.api.listing import AskedPage
from services.casefile.console.inspecting import InspectionPage
from services.casefile.console.listing import Asking, cells
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.inspection_refusals import NoEarlierInspection
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column, Cut, Report, Scope, Stamp, Table
from services.casefile.reports.since_last import Changes
from services.casefile.reports.since_last_rows import Change, ChangedRecord, SinceLast

MODELS = ("entries", "inspections")
CHANGE = Column("change", "change", "code")
COUNTS = (CHANGE, Column("records", "Records", "count"), Column("cases", "Files", "count"))
RULES = (
    Column("kind", "kind", "code"),
    Column("what", "What"),
    Column("version", "version", "count"),
    Column("recorded_at", "recorded_at", "moment"),
)
RECORDS = (
    Column("kind", "kind", "code"),
    CHANGE,
    Column("case_id", "case", "case"),
    Column("occurred_on", "occurred_on", "day"),
    Column("recorded_at", "recorded_at", "moment"),
    Column("lag_days", "lag_days", "count"),
    Column("performed_by", "Done by", "staff"),
    Column("record_id", "Record", "text"),
)


class AskedChanges(AskedPage):
    """`since`: the inspection to compare with, if not the last one."""

    since: UUID | None = None
    change: Change | None = None


def show(visit: Visit) -> Answer:
    page, asked = InspectionPage(visit), visit.asked(AskedChanges)
    if elsewhere := page.population():
        return elsewhere
    product = visit.desk.product
    changes = Changes(
        visit.desk.pool, product.populations, product.inspections, product.recorder, product.mapper
    )
    try:
        found = changes.since_last(page.id, asked.since)
    except NoEarlierInspection:
        if visit.format is not None:
            raise
        context = page.context("/changes") | {"found": None}
        return Shown(
            template="inspection_changes.html", title="Since the last one", context=context
        )

    def ask(place: Cursor | None, limit: int) -> PageOfRows[ChangedRecord]:
        return changes.records(page.id, asked.since, asked.change, place, limit)

    asking = Asking(visit, asked, ask)
    rows, following = asking.page()
    context = page.context("/changes") | {"found": found, "rows": rows, "next": following}
    return Shown(
        template="inspection_changes.html", title="Since the last one", context=context,
        models=MODELS, report=as_report(found, asking.every()),
    )  # fmt: skip


def as_report(found: SinceLast, records: Iterable[ChangedRecord]) -> Report:
    """The tables of the page, all rows of them, at the cut of the later inspection."""
    later = found.later
    cut = Cut(as_of=later.as_of, position=later.position, known_at=later.known_at)
    stamp = Stamp(
        report="inspection_changes", definition=1, cut=cut, scope=Scope(unit=found.unit),
        children=later.cases,
    )  # fmt: skip
    return Report(
        stamp=stamp,
        title="Since the last one",
        tables=(
            table("changes", "Since the last one", COUNTS, found.counts),
            table("rules", "Rules put on file in between", RULES, found.rules),
            table("records", "Records in between", RECORDS, records),
        ),
        data={"earlier": found.earlier, "came": found.came, "went": found.went},
    )


def table(name: str, title: str, columns: Sequence[Column], rows: Iterable[Any]) -> Table:
    told = (cells(columns, row) for row in rows)
    return Table(name=name, title=title, columns=columns, rows=told)


def pages() -> list[Page]:
    return [Page("/inspections/{inspection_id}/changes", "read_inspections", show, files=True)]
