"""What was owed to one child, window by window: the state, the two answers, the proof, who answered."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from services.casefile.api.asked import AskedObligations
from services.casefile.api.cursors import after, cursor, pairs
from services.casefile.api.obligations import in_order
from services.casefile.console.child_file import ChildFile
from services.casefile.console.listing import report_of
from services.casefile.console.notices import Notice, Owed, Told, as_known, every
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.cadence.obligation import State
from services.casefile.domain.refusals import CaseNotFound
from services.casefile.history.obligation_rows import ObligationRow
from services.casefile.history.obligations import ObligationsOfCase, Place
from services.casefile.reports.report import Column, Report, Scope

STATES: tuple[State, ...] = (
    "overdue", "due_soon", "open", "missed", "late", "fulfilled", "waived", "suspended", "not_due",
)  # fmt: skip
COLUMNS = (
    Column("window", "window", "text"),
    Column("title", "title", "text"),
    Column("state", "state", "code"),
    Column("due_on", "due_on", "day"),
    Column("closes_at", "closes_at", "moment"),
    Column("counted", "counted", "count"),
    Column("least", "least", "count"),
    Column("in_window", "in_window", "text"),
    Column("entered_in_time", "entered_in_time", "text"),
    Column("accountable", "accountable", "staff"),
    Column("policy", "policy", "text"),
    Column("version", "version", "count"),
    Column("rule", "rule", "text"),
)


class AskedOwed(AskedObligations):
    limit: Annotated[int, Field(ge=1, le=200)] = 30


def show(visit: Visit) -> Answer:
    asked = visit.asked(AskedOwed)
    in_order(asked.since, asked.until)
    file = ChildFile(visit, asked)
    question = repr((file.case_id, "obligations", pairs(asked, "limit")))
    page = asked_of(visit, file, asked, after(asked.cursor, question, Place), asked.limit)
    rows = page.rows if page else ()
    following = page and page.next
    context = file.context("/obligations") | {
        "rows": rows,
        "told": told(visit, file, rows),
        "total": page.total if page else 0,
        "about": about,
        "states": STATES,
        "asked": asked,
        "next": None if following is None else cursor(following, question),
    }
    report = as_report(visit, file, rows_of(visit, file, asked))
    return Shown(template="obligations.html", title="What is owed", context=context, report=report)


def asked_of(
    visit: Visit, file: ChildFile, asked: AskedOwed, place: Place | None, limit: int
) -> ObligationsOfCase | None:
    """None where there was no file yet."""
    obligations = visit.desk.product.obligations
    try:
        return obligations.of(
            file.case_id,
            asked.moment,
            visit.desk.now,
            asked=asked.filters,
            after=place,
            limit=limit,
        )
    except CaseNotFound:
        return None


class ToldOf:
    """The notices of each window of a page, or why there are none to show."""

    def __init__(self, found: Told, until: datetime | None) -> None:
        self.said = found.said
        self._of: dict[Owed | None, list[Notice]] = {}
        for notice in as_known(found.rows, until):
            self._of.setdefault(notice.about, []).append(notice)

    def of(self, row: ObligationRow) -> list[Notice]:
        return self._of.get(Owed(row.policy, row.policy_version, row.rule, row.window), [])


def told(visit: Visit, file: ChildFile, rows: Sequence[ObligationRow]) -> ToldOf:
    """A file needs none of it, and where nothing was owed nobody is asked."""
    if visit.format or not rows:
        return ToldOf(Told(), None)
    question = file.told([about(row) for row in rows])
    return ToldOf(every(visit.desk.notices, question), file.until)


def about(row: ObligationRow) -> str:
    return f"{row.policy}/{row.policy_version}/{row.rule}/{row.window}"


def rows_of(visit: Visit, file: ChildFile, asked: AskedOwed) -> Iterator[ObligationRow]:
    page = asked_of(visit, file, asked, None, 10_000)
    yield from page.rows if page else ()


def as_report(visit: Visit, file: ChildFile, rows: Iterable[ObligationRow]) -> Report:
    scope = Scope(case_id=file.case_id)
    told = (cells(row) for row in rows)
    return report_of(
        visit, "obligations", "What is owed", COLUMNS, told, scope=scope, moment=file.moment
    )


def cells(row: ObligationRow) -> tuple[Any, ...]:
    who = row.answerable[-1].staff if row.answerable else None
    return (
        row.window, row.title, row.state, row.due_on, row.closes_at, row.counted, row.least,
        row.in_window, row.entered_in_time, who, row.policy, row.policy_version, row.rule,
    )  # fmt: skip


def pages() -> list[Page]:
    return [Page("/cases/{case_id}/obligations", "read_case", show, files=True)]
