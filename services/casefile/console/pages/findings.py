"""Findings: the list of those that are about you, or of all; one with its words and its answers."""

from typing import Any

from services.casefile.api.inspection_lists import about_them
from services.casefile.api.listing import AskedPage, Text
from services.casefile.console.inspecting import InspectionPage
from services.casefile.console.listing import Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.inspection_refusals import NotConcerned
from services.casefile.domain.inspection_state import SETTLED, FindingState
from services.casefile.readmodels.findings import FindingFilter, FindingRow, Findings
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column

MODELS = ("inspections",)
COLUMNS = (
    Column("finding_code", "finding_code", "code"),
    Column("severity", "severity", "code"),
    Column("case_id", "case_id", "case"),
    Column("worker", "worker", "staff"),
    Column("unit", "unit", "unit"),
    Column("raised_on", "raised_on", "day"),
    Column("reply_by", "reply_by", "day"),
    Column("deadline", "deadline", "day"),
    Column("finding_state", "state", "code"),
)


class AskedFindings(AskedPage):
    """The filters of the list."""

    state: FindingState | None = None
    worker: Text | None = None
    unit: Text | None = None
    overdue: bool | None = None


def show(visit: Visit) -> Answer:
    asked, findings, today = (
        visit.asked(AskedFindings), Findings(visit.desk.pool), visit.desk.today,
    )  # fmt: skip
    own = {name: getattr(asked, name) for name in ("state", "worker", "unit", "overdue")}
    wanted = about_them(FindingFilter(**own), visit.actor)

    def ask(place: Cursor | None, limit: int) -> PageOfRows[FindingRow]:
        return findings.page(wanted, today, place, limit)

    asking = Asking(visit, asked, ask)
    rows, following = ([], None) if visit.format else asking.page()
    told = (cells_of(row) for row in asking.every())
    report = report_of(visit, "findings", "Findings", COLUMNS, told, models=MODELS)
    context = {"rows": rows, "next": following}
    return Shown(
        template="findings.html", title="Findings", context=context, report=report, models=MODELS
    )


def cells_of(row: FindingRow) -> tuple[Any, ...]:
    """What a state is called depends on whose it is."""
    return (*cells(COLUMNS[:-1], row), row.state)


def one(visit: Visit) -> Answer:
    """Those it is about read it too; nobody else."""
    page, product, today = InspectionPage(visit), visit.desk.product, visit.desk.today
    finding = product.inspections.finding(page.id, visit.id("finding"), today)
    about = {name: getattr(finding, name) for name in ("case", "worker", "unit")}
    is_concerned = product.casefile.is_concerned(visit.actor, about, today)
    if not visit.may("read_inspections") and not is_concerned:
        raise NotConcerned
    is_open = finding.state not in SETTLED
    context = {
        "finding": finding,
        "address": page.address,
        "may_answer": is_open and is_concerned and visit.may("answer_finding"),
        "may_decide": is_open and visit.may("inspect"),
    }
    return Shown(template="inspection_finding.html", title="Finding", context=context)


def pages() -> list[Page]:
    return [
        Page("/findings", "read_findings", show, label="Findings", files=True),
        Page("/inspections/{inspection_id}/findings/{finding}", "read_findings", one),
    ]
