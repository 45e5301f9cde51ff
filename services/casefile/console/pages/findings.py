"""Findings: the list of those that are about you, or of all; one with its words and its answers."""

from typing import Any

import msgspec

from services.casefile.api.inspection_lists import about_them
from services.casefile.api.listing import AskedPage, Text
from services.casefile.console.inspecting import InspectionPage
from services.casefile.console.listing import Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.thing_files import ACTS, thing
from services.casefile.console.visit import Visit
from services.casefile.domain.inspection_refusals import NotConcerned
from services.casefile.domain.inspection_state import SETTLED, FindingState
from services.casefile.history.inspection_rows import FindingShown, Said
from services.casefile.readmodels.findings import FindingFilter, FindingRow, Findings
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.dossier import told
from services.casefile.reports.report import Column, Report, Scope, Table

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

SAID_OF_IT = (
    "inspection_id", "finding", "finding_code", "severity", "state", "case", "record", "worker",
    "unit", "raised_on", "reply_by", "deadline", "text",
)  # fmt: skip


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
    lines = (cells_of(row) for row in asking.every())
    report = report_of(visit, "findings", "Findings", COLUMNS, lines, models=MODELS)
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
    report = as_report(visit, finding)
    return Shown(
        template="inspection_finding.html", title="Finding", context=context, report=report
    )


def as_report(visit: Visit, finding: FindingShown) -> Report:
    """The finding in its words, and everything that was said to it."""
    own = msgspec.structs.asdict(finding)
    values = {name: own[name] for name in SAID_OF_IT} | {"raised_by": finding.raised_by.staff}
    said = [
        (s.occurred_on, s.recorded_at, s.kind, s.by.staff, s.by.role, told(words_of(s)))
        for s in finding.said
    ]
    answers = Table(name="said", title="Answers and decisions", columns=ACTS, rows=said)
    return thing(visit, "finding", "Finding", values, answers, scope=Scope(unit=finding.unit))


def words_of(said: Said) -> dict[str, Any]:
    found = {"outcome": said.outcome, "measure": said.measure, "text": said.text}
    return {name: value for name, value in found.items() if value is not None}


def pages() -> list[Page]:
    return [
        Page("/findings", "read_findings", show, label="Findings", files=True),
        Page("/inspections/{inspection_id}/findings/{finding}", "read_findings", one, files=True),
    ]
