"""The board: what is open, due soon, overdue or missed; what comes next; how many of each."""

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.cadence.obligation import State
from services.casefile.following.model import Table
from services.casefile.readmodels.obligations_asking import (
    BoardFilter,
    grouped,
    is_in,
    on_board,
    owed,
    state_at,
    windows,
)
from services.casefile.readmodels.obligations_tables import OBLIGATIONS
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, fetch, paged

SHOWN = (
    "subject_id", "subject", "policy", "version", "rule", "window_key", "obligor", "role",
    "accountable", "unit", "village", "school", "class_unit", "starts_on", "ends_on", "due_on",
    "overdue_from", "closes_at", "why", "least", "counted", "attempts", "in_window",
    "entered_in_time", "provisional", "overdue", "missed", "made_good", "waiver",
)  # fmt: skip
FROM = "FROM readmodels.obligations"
ORDER = ("due_on", *OBLIGATIONS.key)
NEXT = ("at", "what", *OBLIGATIONS.key)
COMING = Table(
    name="coming", columns=OBLIGATIONS.columns | {"at": "timestamptz", "what": "text"}, key=NEXT
)
# A unit's duty is never declared overdue, nor is what closes on that very moment.
MOMENTS = """CROSS JOIN LATERAL (VALUES
    ('due', (due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
    ('overdue', CASE WHEN subject = 'case' AND overdue_from < closes_at THEN overdue_from END),
    ('missed', closes_at)
) AS moment(what, at)"""
UNDECIDED = (
    f"SELECT count(*)::int, min(closes_at) {FROM} WHERE outcome = 'open' AND closes_at <= %s"
)
STATES: tuple[State, ...] = (
    "open", "due_soon", "overdue", "missed", "late", "fulfilled", "waived", "suspended", "not_due",
)  # fmt: skip
GROUP = Table(name="groups", columns={"of": "text"}, key=("of",))


class BoardRow(msgspec.Struct, frozen=True):
    """One window of one rule for one child or unit, and the state it is in."""

    subject_id: UUID
    subject: str
    policy: str
    version: int
    rule: str
    window_key: str
    obligor: str
    role: str | None
    accountable: str | None
    unit: str | None
    village: str | None
    school: str | None
    class_unit: str | None
    starts_on: date
    ends_on: date
    due_on: date
    overdue_from: datetime
    closes_at: datetime
    why: str | None
    least: int
    counted: int
    attempts: int
    in_window: bool | None
    entered_in_time: bool | None
    provisional: bool
    overdue: UUID | None
    missed: UUID | None
    made_good: UUID | None
    waiver: UUID | None
    state: State


class ComingRow(BoardRow, frozen=True):
    """What a window becomes (due, overdue, missed), and when, unless something is done."""

    what: str
    at: datetime


class BoardCount(msgspec.Struct, frozen=True):
    """How many windows of a group are in each state; `of` is None where it is not known."""

    of: str | None
    subjects: int
    open: int
    due_soon: int
    overdue: int
    missed: int
    late: int
    fulfilled: int
    waived: int
    suspended: int
    not_due: int


class Undecided(msgspec.Struct, frozen=True):
    """Windows past their close of which the log does not say yet what came of them."""

    count: int
    oldest_seconds: float


class ObligationBoard:
    """Questions about what is owed now."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: BoardFilter, now: datetime, after: Cursor | None = None, limit: int = 50
    ) -> Page[BoardRow]:
        """What is due first comes first."""
        select = f"SELECT {', '.join(SHOWN)}, {state_at(now)} {FROM}"
        where = on_board(asked, now).after(OBLIGATIONS, ORDER, after)
        return paged(self._pool, select, where, ORDER, limit, BoardRow)

    def upcoming(
        self,
        now: datetime,
        hours: int,
        asked: BoardFilter,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page[ComingRow]:
        """What becomes due, overdue or missed within so many hours, in that order of time."""
        until = now + timedelta(hours=hours)
        select = f"SELECT {', '.join(SHOWN)}, {state_at(now)}, what, at {FROM} {MOMENTS}"
        where = owed(asked).add("at > %s", now).add("at <= %s", until)
        # The same again in words that an index knows.
        where.add("outcome = 'open' AND closes_at > %s", now).add(
            "due_on <= %s", day_in_china(until)
        )
        return paged(self._pool, select, where.after(COMING, NEXT, after), NEXT, limit, ComingRow)

    def newest(self, asked: BoardFilter, now: datetime, limit: int = 10) -> list[BoardRow]:
        """The same, what was due last first."""
        select = f"SELECT {', '.join(SHOWN)}, {state_at(now)} {FROM}"
        where = on_board(asked, now)
        # Of one unit among many, its own rows are fewer than the days walked back to find some.
        some = (
            f"SELECT * FROM ({select} {where} OFFSET 0) AS mine"
            if asked.under
            else f"{select} {where}"
        )
        statement = f"{some} ORDER BY due_on DESC, subject_id DESC LIMIT {limit:d}"
        return fetch(self._pool, statement, where.values, BoardRow)

    def up_to(self, asked: BoardFilter, now: datetime, most: int) -> int:
        """How many there are, counted no further than so many."""
        where = on_board(asked, now)
        statement = f"SELECT count(*)::int FROM (SELECT 1 {FROM} {where} LIMIT {most:d}) AS counted"
        return fetch(self._pool, statement, where.values, int)[0]

    def counts(
        self,
        asked: BoardFilter,
        now: datetime,
        by: str = "accountable",
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page[BoardCount]:
        """By accountable, unit, class_unit, school, village, township, rule or obligor."""
        each = ", ".join(f"count(*) FILTER (WHERE {is_in(s, now)})::int" for s in STATES)
        where = on_board(asked, now)
        select = (
            f"SELECT * FROM (SELECT {grouped(by)} AS of, count(DISTINCT subject_id)::int, {each} "
            f"FROM {windows(by)} {where} GROUP BY 1) AS counted"
        )
        rest = Where()
        rest.values = where.values
        page = paged(
            self._pool, select, rest.after(GROUP, ("of",), after), ("of",), limit, BoardCount
        )
        return Page([nameless(row) for row in page.rows], page.next)

    def undecided(self, now: datetime) -> Undecided:
        def told(count: int, oldest: datetime | None) -> Undecided:
            return Undecided(count, (now - oldest).total_seconds() if oldest else 0.0)

        return fetch(self._pool, UNDECIDED, [now], told)[0]


def nameless(row: BoardCount) -> BoardCount:
    return row if row.of else msgspec.structs.replace(row, of=None)
