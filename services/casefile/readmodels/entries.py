"""Every record of every child, its header only: who, when it happened, when it was recorded.

What a record says stays in its stream; this is what it can be found, counted and compared by.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.evidence_grade import Grades, added, grade, raises
from services.casefile.domain.families.case import KeysProvisioned
from services.casefile.domain.families.correction import LateEntryJustified
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, fetch, paged
from services.casefile.readmodels.units import UNDER
from services.casefile.readmodels.worker_activity import CHINA, lag_days

ENTRIES = Table(
    name="entries",
    columns={
        "case_id": "uuid NOT NULL",
        "version": "bigint NOT NULL",
        "position": "bigint NOT NULL",
        "record_id": "uuid NOT NULL",
        "kind": "text NOT NULL",
        "occurred_on": "date NOT NULL",
        "recorded_at": "timestamptz NOT NULL",
        "lag_days": "integer NOT NULL",
        "performed_by": "text NOT NULL",
        "performed_unit": "text NOT NULL",
        "performed_role": "text NOT NULL",
        "recorded_by": "text NOT NULL",
        "recorded_unit": "text NOT NULL",
        "recorded_role": "text NOT NULL",
        "source": "text NOT NULL",
        "device_on": "date",
        "grade": "smallint NOT NULL",
        "state": "text NOT NULL",
        "amended_at": "timestamptz",
        "group_id": "uuid",
        "has_reason": "boolean NOT NULL",
    },
    key=("case_id", "version"),
    indexes=("position", "performed_by, position", "performed_unit, position", "kind, position"),
    # A record comes once; its row is only ever written anew when something is said about it.
    adds={"position": "new.position"},
    sparing=True,
)
ORDER = ("position",)
SELECT = f"SELECT {', '.join(ENTRIES.columns)} FROM readmodels.entries"
State = Literal["current", "corrected", "annulled"]
WORDS: dict[bool, State] = {True: "annulled", False: "corrected"}


class EntriesModel(Model):
    """A row as a record comes; what is said about earlier records writes their rows anew."""

    name = "entries"
    version = 1
    tables = (ENTRIES,)

    def restates(self, entry: Entry) -> bool:
        return raises(entry.rec) or isinstance(entry.rec, LateEntryJustified)

    def rows(self, case: Folded) -> Rows:
        entries = case.effective
        return {"entries": rows(entries, added(entries), justified(entries))}

    def added(self, entries: Sequence[Entry]) -> Rows:
        return {"entries": rows(entries, {}, frozenset())}


def is_of_a_child(entry: Entry) -> bool:
    """Keys are provided on streams of every sort, and are nobody's record."""
    return entry.kind.stream == "case" and not isinstance(entry.rec, KeysProvisioned)


def justified(entries: Sequence[Entry]) -> frozenset[UUID]:
    """The records whose late entry was explained afterwards."""
    reasons = (e for e in entries if isinstance(e.rec, LateEntryJustified) and not e.is_annulled)
    return frozenset(e.rec.target for e in reasons if isinstance(e.rec, LateEntryJustified))


def rows(entries: Sequence[Entry], grades: Grades, reasons: frozenset[UUID]) -> Iterator[Row]:
    for entry in filter(is_of_a_child, entries):
        env, by = entry.env, entry.env.recorded_by
        worker = env.performed_by or by
        yield (
            entry.stream_id,
            entry.version,
            entry.position,
            env.record_id,
            entry.kind.slug,
            env.occurred_on,
            entry.recorded_at,
            lag_days(entry),
            worker.staff,
            worker.unit,
            worker.role,
            by.staff,
            by.unit,
            by.role,
            env.source,
            device_day(entry),
            int(grade(entry, grades)),
            *amended(entry),
            env.group,
            env.late_reason is not None or env.record_id in reasons,
        )


def device_day(entry: Entry) -> date | None:
    """The day on which the device says it was written down; its word, not ours."""
    device = entry.env.device
    if device is None or (at := device.recorded_at) is None:
        return None
    try:
        return (at.replace(tzinfo=CHINA) if at.tzinfo is None else at).astimezone(CHINA).date()
    except OverflowError:
        return None


def amended(entry: Entry) -> tuple[State, datetime | None]:
    """How a record stands, and since when."""
    if (done := entry.amended) is None:
        return ("current", None)
    last = done.annulled_by or done.corrections[-1]
    return (WORDS[done.annulled_by is not None], last.recorded_at)


class EntryRow(msgspec.Struct, frozen=True):
    """The header of one record as it now reads."""

    case_id: UUID
    version: int
    position: int
    record_id: UUID
    kind: str
    occurred_on: date
    recorded_at: datetime
    lag_days: int
    performed_by: str
    performed_unit: str
    performed_role: str
    recorded_by: str
    recorded_unit: str
    recorded_role: str
    source: str
    device_on: date | None
    grade: int
    state: State
    amended_at: datetime | None
    group_id: UUID | None
    has_reason: bool


class EntriesFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Days, months and moments are both included. `under` means a unit and all below it."""

    case_id: UUID | None = None
    staff: str | None = None
    unit: str | None = None
    under: str | None = None
    kind: str | None = None
    source: str | None = None
    state: State | None = None
    least_lag: int | None = None
    least_grade: int | None = None
    occurred_since: date | None = None
    occurred_until: date | None = None
    recorded_since: date | None = None
    recorded_until: date | None = None
    after_position: int | None = None
    until_position: int | None = None


class Entries:
    """Questions about records, whoever's they are."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: EntriesFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[EntryRow]:
        """In the order in which the log took them."""
        where = conditions(asked).after(ENTRIES, ORDER, after)
        return paged(self._pool, SELECT, where, ORDER, limit, EntryRow)

    def newest(self, asked: EntriesFilter, limit: int = 10) -> list[EntryRow]:
        """What the log took last first."""
        where = conditions(asked)
        # Of one unit among many, its own rows are fewer than the places walked back to find some.
        some = (
            f"SELECT * FROM ({SELECT} {where} OFFSET 0) AS mine"
            if asked.under
            else f"{SELECT} {where}"
        )
        statement = f"{some} ORDER BY position DESC LIMIT {limit:d}"
        return fetch(self._pool, statement, where.values, EntryRow)

    def all(self, asked: EntriesFilter) -> Iterable[EntryRow]:
        """Every page of the same, read as it is asked for."""
        after: Cursor | None = None
        while True:
            found = self.page(asked, after, 200)
            yield from found.rows
            if (after := found.next) is None:
                return


def conditions(asked: EntriesFilter) -> Where:
    where = Where(
        case_id=asked.case_id,
        performed_by=asked.staff,
        performed_unit=asked.unit,
        kind=asked.kind,
        source=asked.source,
        state=asked.state,
    )
    where.add(f"performed_unit = ANY(ARRAY{UNDER})", asked.under)
    where.add("lag_days >= %s", asked.least_lag).add("grade >= %s", asked.least_grade)
    where.add("occurred_on >= %s", asked.occurred_since)
    where.add("occurred_on <= %s", asked.occurred_until)
    where.add(
        "recorded_at >= (%s::date::timestamp AT TIME ZONE 'Asia/Shanghai')", asked.recorded_since
    )
    where.add(
        "recorded_at < ((%s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')",
        asked.recorded_until,
    )
    where.add("position > %s", asked.after_position)
    return where.add("position <= %s", asked.until_position)
