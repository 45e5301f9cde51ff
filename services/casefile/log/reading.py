"""Reads the log as bare tuples: one stream in version order, or everything in position order."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresDatastore
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import PoolTimeout

from services.casefile.log.commit import Answered, LogRow, Row
from services.casefile.log.errors import LogUnavailable
from services.casefile.log.replies import read_answered
from services.casefile.log.statements import ANSWERED

STREAM = (
    b"SELECT originator_version, topic, state, notification_id, recorded_at "
    b"FROM casefile.stored_events WHERE originator_id = %b AND originator_version > %b "
    b"AND originator_version <= %b ORDER BY originator_version"
)
STREAMS = (
    b"SELECT originator_id, originator_version, topic, state, notification_id, recorded_at "
    b"FROM casefile.stored_events WHERE originator_id = ANY(%b) "
    b"ORDER BY originator_id, originator_version"
)
PAGE = (
    b"SELECT notification_id, originator_id, originator_version, topic, state, recorded_at "
    b"FROM casefile.stored_events WHERE notification_id > %b ORDER BY notification_id LIMIT %b"
)
# The versions of a stream grow with its positions, so what follows a position is found from the
# stream's end backwards: whoever has read all but the newest pays for the newest.
STREAM_PAGE = (
    b"SELECT notification_id, originator_id, originator_version, topic, state, recorded_at "
    b"FROM casefile.stored_events WHERE originator_id = %(stream)b AND originator_version > coalesce("
    b"(SELECT originator_version FROM casefile.stored_events "
    b"WHERE originator_id = %(stream)b AND notification_id <= %(after)b "
    b"ORDER BY originator_version DESC LIMIT 1), %(lowest)b) "
    b"AND notification_id <= %(upto)b ORDER BY originator_version LIMIT %(limit)b"
)
EVENTS = (
    b"SELECT originator_version, topic, state "
    b"FROM casefile.stored_events WHERE originator_id = %b AND originator_version > %b "
    b"AND originator_version <= %b ORDER BY originator_version "
)
HEAD = b"SELECT coalesce(max(notification_id), 0) FROM casefile.stored_events"
# Whoever appends holds this lock alone, and lets go of it at the end of its transaction.
NOBODY_APPENDS = b"SELECT pg_advisory_xact_lock_shared(x'63617365'::bigint)"
PLACE = (
    b"SELECT notification_id, recorded_at FROM casefile.stored_events "
    b"WHERE notification_id <= %b ORDER BY notification_id DESC LIMIT 1"
)
FIRST = (
    b"SELECT notification_id, recorded_at FROM casefile.stored_events "
    b"ORDER BY notification_id LIMIT 1"
)
WATERMARK = (
    b"SELECT coalesce(max(notification_id), 0), clock_timestamp() FROM casefile.stored_events"
)
# The moment is the last witness: nothing was recorded after it.
LONGEST_SILENCE = b"""
SELECT since, until FROM (
    SELECT lag(recorded_at) OVER (ORDER BY place) AS since, recorded_at AS until FROM (
        SELECT notification_id AS place, recorded_at
        FROM casefile.stored_events WHERE notification_id >= %b
        UNION ALL SELECT %b, %b::timestamptz
    ) AS witnesses
) AS stretches WHERE since IS NOT NULL ORDER BY until - since DESC LIMIT 1
"""

RESERVED = b"SELECT case_id FROM casefile.reservations WHERE kind = %b AND digest = %b"

ENDLESS = 2**63 - 1
LOWEST = -1
PAUSES = (0.02, 0.1, 0.5, 1.0, None)
T = TypeVar("T")
Params = Sequence[Any] | Mapping[str, Any]


class LogReader:
    def __init__(self, datastore: PostgresDatastore) -> None:
        self._pool = datastore.pool

    def stream(self, stream_id: UUID, *, after: int = 0, upto: int | None = None) -> list[Row]:
        rows: list[Any] = self.fetch(STREAM, [stream_id, after, ENDLESS if upto is None else upto])
        return rows

    def streams(self, stream_ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
        """Many streams in one go; one without events is left out."""
        rows: list[Any] = self.fetch(STREAMS, [list(stream_ids)])
        return {
            stream_id: [row[1:] for row in mine]
            for stream_id, mine in groupby(rows, key=lambda row: row[0])
        }

    def events(
        self, stream_id: UUID, *, gt: int | None, lte: int | None, desc: bool, limit: int | None
    ) -> list[StoredEvent]:
        """A stream in the library's terms."""
        statement = EVENTS + (b"DESC LIMIT %b" if desc else b"ASC LIMIT %b")
        params = [stream_id, LOWEST if gt is None else gt, ENDLESS if lte is None else lte, limit]
        return [StoredEvent(stream_id, *row) for row in self.fetch(statement, params)]

    def page(self, after: int, limit: int) -> list[LogRow]:
        """What follows a position; a number that is missing will never be filled."""
        rows: list[Any] = self.fetch(PAGE, [after, limit])
        return rows

    def stream_page(self, stream_id: UUID, after: int, upto: int, limit: int) -> list[LogRow]:
        """What follows a position in one stream, as far as another."""
        asked = {"stream": stream_id, "after": after, "upto": upto, "limit": limit}
        rows: list[Any] = self.fetch(STREAM_PAGE, asked | {"lowest": LOWEST})
        return rows

    def head(self) -> int:
        position: int = self.fetch(HEAD, [])[0][0]
        return position

    def watermark(self) -> tuple[int, datetime]:
        return self._tried(self._watermark)

    def place(self, position: int) -> tuple[int, datetime] | None:
        """The event at a position, or the last one before it, and when it was recorded."""
        rows: list[Any] = self.fetch(PLACE, [position])
        return rows[0] if rows else None

    def place_at(self, moment: datetime, upto: int) -> tuple[int, datetime] | None:
        """The last event recorded by a moment; halving, as positions are in the order of time."""
        first: list[Any] = self.fetch(FIRST, [])
        if not first or first[0][1] > moment:
            return None
        low, high = first[0][0], upto
        while low < high:
            middle = (low + high + 1) // 2
            place = self.place(middle)
            low, high = (middle, high) if place and place[1] <= moment else (low, middle - 1)
        return self.place(low)

    def longest_silence(self, since: int, moment: datetime) -> tuple[datetime, datetime]:
        """The longest stretch without a record, from the event at a position up to a moment."""
        begin, end = self.fetch(LONGEST_SILENCE, [since, ENDLESS, moment])[0]
        return begin, end

    def answered(self, key: bytes) -> Answered | None:
        rows = self.fetch(ANSWERED, [key])
        return read_answered(rows) if rows else None

    def reserved_by(self, kind: str, digest: bytes) -> UUID | None:
        rows = self.fetch(RESERVED, [kind, digest])
        return rows[0][0] if rows else None

    def fetch(self, statement: bytes, params: Params) -> list[TupleRow]:
        return self._tried(partial(self._fetch_once, statement, params))

    def _tried(self, read: Callable[[], T]) -> T:
        for pause in PAUSES:
            try:
                return read()
            except PoolTimeout:
                # The pool itself has tried for as long as a caller should wait.
                break
            except (psycopg.OperationalError, psycopg.InterfaceError):
                if pause is None:
                    break
                time.sleep(pause)
        raise LogUnavailable

    def _fetch_once(self, statement: bytes, params: Params) -> list[TupleRow]:
        self._pool.open()
        with self._pool.connection() as connection:
            cursor = connection.cursor(binary=True, row_factory=tuple_row)
            return cursor.execute(statement, params, prepare=True).fetchall()

    def _watermark(self) -> tuple[int, datetime]:
        self._pool.open()
        with self._pool.connection() as connection, connection.transaction():
            cursor = connection.cursor(binary=True, row_factory=tuple_row)
            cursor.execute(NOBODY_APPENDS)
            # A statement of its own: its snapshot has to be younger than the lock.
            position, moment = cursor.execute(WATERMARK).fetchall()[0]
            return position, moment
