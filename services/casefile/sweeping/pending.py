"""What the board says is to be declared by now: read as a stream, subject by subject."""

from collections.abc import Generator, Iterator
from datetime import date, datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from services.casefile.domain.cadence.policy import Obligor

COLUMNS = (
    "subject_id, subject, stream_version, declares, policy, version, rule, window_key, obligor, "
    "role, accountable, unit, starts_on, ends_on, due_on, overdue_from, closes_at, least, "
    "counted, attempts, provisional"
)
DUE = "FROM readmodels.obligations WHERE declare_at <= %s"
ROWS = f"SELECT {COLUMNS} {DUE} ORDER BY subject_id".encode()
HOW_MANY = f"SELECT count(DISTINCT subject_id) {DUE}".encode()
# Whose windows are laid out up to a day that is over: they may owe what no row says.
SHORT = b"SELECT subject_id FROM readmodels.obligation_subjects WHERE horizon < %s"
AT_ONCE = 5_000


class Pending(NamedTuple):
    """A row of the board that has come due."""

    subject_id: UUID
    subject: str
    stream_version: int
    declares: str
    policy: str
    version: int
    rule: str
    window_key: str
    obligor: Obligor
    role: str | None
    accountable: str | None
    unit: str | None
    starts_on: date
    ends_on: date
    due_on: date
    overdue_from: datetime
    closes_at: datetime
    least: int
    counted: int
    attempts: int
    provisional: bool


class Due(NamedTuple):
    """All that one subject is to be told of."""

    subject_id: UUID
    rows: list[Pending]


Link = Connection[tuple[Any, ...]]


def how_many(link: Link, now: datetime) -> int:
    row = link.execute(HOW_MANY, [now]).fetchone()
    return int(row[0]) if row else 0


def due(link: Link, now: datetime) -> Generator[Due, None, None]:
    """Subject by subject, through a cursor of the server's, so that memory stays flat."""
    # Held beyond its transaction: a long one would keep a rebuild from switching.
    with link.cursor(name="due", withhold=True) as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(ROWS, [now], binary=True)
        rows = (Pending._make(row) for row in cursor)
        for subject_id, mine in groupby(rows, key=attrgetter("subject_id")):
            yield Due(subject_id, list(mine))


def short_of(link: Link, day: date) -> list[UUID]:
    return [subject_id for (subject_id,) in link.execute(SHORT, [day])]


def in_chunks(every: Iterator[Due], size: int) -> Iterator[list[Due]]:
    while chunk := list(islice(every, size)):
        yield chunk
