"""The first page: what needs you today, by role; and whether the lists have kept up."""

from datetime import timedelta
from typing import Any

import msgspec

from services.casefile.api.inspection_lists import about_them
from services.casefile.console.home_file import home_file
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.readmodels.entries import Entries, EntriesFilter, EntryRow
from services.casefile.readmodels.findings import FindingFilter, Findings
from services.casefile.readmodels.obligation_board import BoardRow, ObligationBoard
from services.casefile.readmodels.obligations_asking import BoardFilter
from services.casefile.readmodels.roster import Roster

MOST = 1000
LISTED = 20
NEWEST = 12
LATE = 8
LOOKED_AT = 100_000
MISSED_WITHIN = timedelta(days=60)
SEES_ALL = ("supervisor", "county", "inspector")
OVERDUE, DUE_SOON = ("overdue",), ("due_soon",)


def show(visit: Visit) -> Answer:
    context: dict[str, Any] = {
        "figures": [],
        "mine": [],
        "missed": [],
        "late": [],
        "names": {},
        "lists": [],
    }
    models: tuple[str, ...] = ()
    if visit.may("read_obligations") and visit.may("read_case"):
        context |= owed(visit)
        models = ("obligations", "roster")
    if visit.may("read_findings"):
        context["figures"] += found_wrong(visit)
        models = (*models, "inspections")
    if visit.actor.role in ("county", "inspector", "operator"):
        context["lists"] = visit.desk.followers()
    if visit.may("read_entries"):
        context["late"] = entered_late(visit)
        models = (*models, "entries")
    report = home_file(visit, context, models)
    return Shown(template="home.html", title="Today", context=context, report=report, models=models)


def owed(visit: Visit) -> dict[str, Any]:
    """What the person owes, and what went wrong last where the person looks after others."""
    board, now = ObligationBoard(visit.desk.pool), visit.desk.now
    around = scope_of(visit)
    mine = BoardFilter(accountable=visit.actor.author.staff, states=("overdue", "due_soon"))
    does_work = visit.actor.role != "inspector"
    rows = board.page(mine, now, limit=LISTED).rows if does_work else []
    missed = lately_missed(visit, around)
    newest = board.newest(missed, now, NEWEST) if visit.actor.role in SEES_ALL else []
    counted = [
        ("Overdue", "overdue", board.up_to(with_states(around, OVERDUE), now, MOST)),
        ("Due soon", "due_soon", board.up_to(with_states(around, DUE_SOON), now, MOST)),
        ("Missed in 60 days", "missed", board.up_to(missed, now, MOST)),
    ]
    return {
        "figures": [(label, state, n, board_link(around, state)) for label, state, n in counted],
        "mine": rows,
        "does_work": does_work,
        "missed": newest,
        "names": names_of(visit, rows),
        "most": MOST,
    }


def entered_late(visit: Visit) -> list[EntryRow]:
    """What came in last of what had happened long before; looked for in the latest entries only."""
    since = visit.desk.currency(("entries",)).position - LOOKED_AT
    asked = EntriesFilter(
        under=visit.actor.author.unit, least_lag=LATE, after_position=max(0, since)
    )
    return Entries(visit.desk.pool).newest(asked, NEWEST)


def found_wrong(visit: Visit) -> list[tuple[str, str, int, str]]:
    """Findings that wait for an answer, and those past their deadline; about you, or all."""
    findings, today = Findings(visit.desk.pool), visit.desk.today
    waiting = about_them(FindingFilter(state="open"), visit.actor)
    overdue = about_them(FindingFilter(overdue=True), visit.actor)
    counted = (
        ("Findings to be answered", "due_soon", findings.count(waiting, today), "?state=open"),
        (
            "Findings past their deadline",
            "overdue",
            findings.count(overdue, today),
            "?overdue=true",
        ),
    )
    return [(label, state, n, f"/findings{asked}") for label, state, n, asked in counted if n]


def scope_of(visit: Visit) -> BoardFilter:
    """Those who look after others see their unit and all below it; the rest what they owe."""
    author = visit.actor.author
    if visit.actor.role in SEES_ALL:
        return BoardFilter(under=author.unit)
    return BoardFilter(accountable=author.staff)


def with_states(asked: BoardFilter, states: Any) -> BoardFilter:
    return msgspec.structs.replace(asked, states=states)


def lately_missed(visit: Visit, asked: BoardFilter) -> BoardFilter:
    since = visit.desk.today - MISSED_WITHIN
    return msgspec.structs.replace(asked, states=("missed", "late"), due_since=since)


def board_link(asked: BoardFilter, state: str) -> str:
    whose = f"accountable={asked.accountable}" if asked.accountable else f"under={asked.under}"
    return f"/board?state={state}&{whose}"


def names_of(visit: Visit, rows: list[BoardRow]) -> dict[Any, Any]:
    """What one's own children are called; other lists keep to case numbers."""
    own = list({row.subject_id for row in rows if row.subject == "case"})
    found = visit.desk.names.shown(Roster(visit.desk.pool).of(own)) if own else []
    return {entry.case_id: entry.name for entry in found if isinstance(entry.name, str)}


def pages() -> list[Page]:
    return [Page("/", "read_me", show, label="Today", files=True)]
