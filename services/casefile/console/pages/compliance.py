"""How well what was owed was done: so many of so many, never a rate without its two numbers."""

from datetime import date, timedelta
from typing import Any

from services.casefile.api.asked import Code, Day
from services.casefile.api.boards import By, own
from services.casefile.api.listing import AskedPage, Text
from services.casefile.api.obligations import in_order
from services.casefile.console.charts import shares
from services.casefile.console.listing import Asking, report_of
from services.casefile.console.page import Answer, Drawn, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.cadence.policy import Obligor
from services.casefile.readmodels.compliance import Compliance, ComplianceTotal
from services.casefile.readmodels.obligations_asking import GROUPS, OwedFilter
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column, Scope, Share

MODELS = ("obligations",)
USUALLY = timedelta(days=90)
MOST_BARS = 20
COUNTS = (
    "windows", "made_good", "missed", "waived", "suspended", "not_due", "still_open", "undecided",
)  # fmt: skip
COLUMNS = (
    Column("policy", "policy", "text"),
    Column("version", "version", "count"),
    Column("obligor", "obligor", "code"),
    Column("of", "Of", "text"),
    Column("kept", "Kept", "share"),
    Column("kept_in_time", "Kept and entered in time", "share"),
    *(Column(name, name, "count") for name in COUNTS),
)


class AskedCompliance(AskedPage):
    """Windows that end from one day to another; without days, the last ninety."""

    since: Day | None = None
    until: Day | None = None
    by: By = "rule"
    under: Text | None = None
    policy: Code | None = None
    obligor: Obligor | None = None


class Question:
    """What was asked, with its days filled in."""

    def __init__(self, visit: Visit) -> None:
        self.asked = visit.asked(AskedCompliance)
        self.until: date = self.asked.until or visit.desk.today
        self.since: date = self.asked.since or self.until - USUALLY
        in_order(self.since, self.until)
        found = OwedFilter(
            under=self.asked.under, policy=self.asked.policy, obligor=self.asked.obligor
        )
        self.owed = own(found, visit.actor)
        self._visit = visit

    def ask(self, place: Cursor | None, limit: int) -> PageOfRows[ComplianceTotal]:
        desk, asked = self._visit.desk, self.asked
        found = Compliance(desk.pool).totals(
            self.owed, self.since, self.until, desk.now, asked.by, place, limit
        )
        return PageOfRows(found.rows, found.next)


def show(visit: Visit) -> Answer:
    question = Question(visit)
    asking = Asking(visit, question.asked, question.ask)
    rows, following = ([], None) if visit.format else asking.page()
    context = {
        "rows": rows,
        "next": following,
        "question": question,
        "groups": GROUPS,
        "counts": COUNTS,
        "kept": [(share(row.kept), share(row.kept_in_time)) for row in rows],
    }
    asked = question.asked
    scope = Scope(unit=asked.under, since=question.since, until=question.until)
    told = (cells(row) for row in asking.every())
    report = report_of(visit, "compliance", "Compliance", COLUMNS, told, scope=scope, models=MODELS)
    return Shown(
        template="compliance.html", title="Compliance", context=context, report=report,
        models=MODELS,
    )  # fmt: skip


def draw(visit: Visit) -> Answer:
    """The same as bars; the table beside it says the numbers."""
    question = Question(visit)
    page = question.ask(None, MOST_BARS)
    bars = [(named(visit, row, question.asked.by), share(row.kept)) for row in page.rows]
    return Drawn(shares(bars))


def named(visit: Visit, row: ComplianceTotal, by: str) -> str:
    if row.of is None:
        return row.policy
    if by == "rule":
        return visit.desk.rule_title(row.policy, row.of) or row.of
    return visit.desk.unit_name(row.of) or row.of


def share(of: Any) -> Share:
    return Share(of.n, of.of)


def cells(row: ComplianceTotal) -> tuple[Any, ...]:
    counts = (getattr(row, name) for name in COUNTS)
    return (
        row.policy, row.version, row.obligor, row.of, share(row.kept), share(row.kept_in_time),
        *counts,
    )  # fmt: skip


def pages() -> list[Page]:
    return [
        Page("/compliance", "read_obligations", show, label="Compliance", files=True),
        Page("/compliance.svg", "read_obligations", draw),
    ]
