"""Says how far every follower is, and waits until one has reached a position."""

from collections.abc import Collection, Iterator
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import ConnectionPool

from services.casefile.following.edition import State
from services.casefile.following.errors import NotThereYet

POSITION = b"SELECT position FROM casefile.followers WHERE name = %s AND state = 'active'"
STATUS = b"""
SELECT f.name, f.version, f.generation, f.state, f.position, h.head, f.built, f.build_target,
       (SELECT count(*) FROM casefile.parked p WHERE p.follower = f.name
          AND p.version = f.version AND p.generation = f.generation),
       f.updated_at
FROM casefile.followers f,
     (SELECT coalesce(max(notification_id), 0) AS head FROM casefile.stored_events) h
ORDER BY f.name, f.version, f.generation
"""
PARKED = b"""
SELECT p.follower, p.version, p.generation, p.case_id, p.position, p.reason, p.attempts,
       p.parked_at
FROM casefile.parked p ORDER BY p.follower, p.parked_at, p.case_id
"""
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.05


class FollowerStatus(msgspec.Struct, frozen=True):
    """One edition and its place in the log."""

    name: str
    version: int
    generation: int
    state: State
    position: int
    head: int
    built: int
    build_target: int | None
    parked: int
    updated_at: datetime

    @property
    def behind(self) -> int:
        """How many positions it still has to go."""
        return self.head - self.position


class ParkedCase(msgspec.Struct, frozen=True):
    """A case that one edition holds back."""

    name: str
    version: int
    generation: int
    case_id: UUID
    position: int
    reason: str
    attempts: int
    parked_at: datetime


class Whereabouts:
    """Asks the database, so it works from any process."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool

    def status(self) -> list[FollowerStatus]:
        return [FollowerStatus(*row) for row in self._fetch(STATUS)]

    def parked(self) -> list[ParkedCase]:
        return [ParkedCase(*row) for row in self._fetch(PARKED)]

    def position(self, name: str) -> int:
        """How far the active edition is; 0 when there is none."""
        rows = self._fetch(POSITION, [name])
        return int(rows[0][0]) if rows else 0

    def wait_for(self, names: Collection[str], position: int, timeout: float) -> None:
        """Return when all of them have seen the position; raise NotThereYet when time is up."""
        pauses = _pauses(timeout)
        for name in names:
            while (reached := self.position(name)) < position:
                if next(pauses, None) is None:
                    raise NotThereYet(name, position, reached)

    def _fetch(self, statement: bytes, values: Collection[Any] = ()) -> list[TupleRow]:
        with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            return cursor.execute(statement, list(values)).fetchall()


def _pauses(timeout: float) -> Iterator[float]:
    deadline, pause, never = monotonic() + timeout, FIRST_PAUSE, Event()
    while (left := deadline - monotonic()) > 0:
        never.wait(min(pause, left))
        yield pause
        pause = min(pause * 1.5, LONGEST_PAUSE)
