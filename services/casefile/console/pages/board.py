"""The board: what is overdue, due soon or missed across children, what was due first before the rest."""

from typing import Any, cast

from pydantic import Field

from services.casefile.api.asked import Code, Day
from services.casefile.api.boards import own
from services.casefile.api.listing import AskedPage, Text
from services.casefile.console.listing import Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.cadence.obligation import State
from services.casefile.domain.cadence.policy import Obligor
from services.casefile.readmodels.obligation_board import STATES, BoardRow, ObligationBoard
from services.casefile.readmodels.obligations_asking import BoardFilter
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column, Scope

MODELS = ("obligations",)
USUAL: list[State] = ["overdue", "due_soon"]
COLUMNS = (
    Column("subject_id", "case_id", "case"),
    Column("state", "state", "code"),
    Column("policy", "policy", "text"),
    Column("version", "version", "count"),
    Column("rule", "rule", "text"),
    Column("window_key", "window", "text"),
    Column("due_on", "due_on", "day"),
    Column("closes_at", "closes_at", "moment"),
    Column("obligor", "obligor", "code"),
    Column("accountable", "accountable", "staff"),
    Column("unit", "unit", "unit"),
    Column("counted", "counted", "count"),
    Column("least", "least", "count"),
)
FIELDS = ("under", "accountable", "rule", "obligor", "due_since", "due_until")


class AskedBoard(AskedPage):
    """What is not asked does not matter; without a state, what is open and pressing."""

    state: list[State] = Field(default_factory=list, max_length=9)
    under: Text | None = None
    accountable: Text | None = None
    rule: Code | None = None
    obligor: Obligor | None = None
    due_since: Day | None = None
    due_until: Day | None = None

    @property
    def wanted(self) -> BoardFilter:
        own_fields: dict[str, Any] = {name: getattr(self, name) for name in FIELDS}
        return BoardFilter(states=tuple(self.state or USUAL), **own_fields)


def show(visit: Visit) -> Answer:
    asked, board, now = visit.asked(AskedBoard), ObligationBoard(visit.desk.pool), visit.desk.now
    wanted = cast(BoardFilter, own(asked.wanted, visit.actor))

    def ask(place: Cursor | None, limit: int) -> PageOfRows[BoardRow]:
        return board.page(wanted, now, place, limit)

    asking = Asking(visit, asked, ask)
    rows, following = ([], None) if visit.format else asking.page()
    context = {
        "rows": rows,
        "next": following,
        "states": STATES,
        "chosen": asked.state or USUAL,
        "today": visit.desk.today,
        "fields": FIELDS,
    }
    told = (cells(COLUMNS, row) for row in asking.every())
    scope = Scope(unit=asked.under, staff=wanted.accountable)
    report = report_of(visit, "board", "Board", COLUMNS, told, scope=scope, models=MODELS)
    return Shown(
        template="board.html", title="Board", context=context, report=report, models=MODELS
    )


def pages() -> list[Page]:
    return [Page("/board", "read_obligations", show, label="Board", files=True)]
