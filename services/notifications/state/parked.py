"""Messages that wait, in the order of their stream."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import class_row
from psycopg.types.json import Json

from services.notifications.messages import Incoming, NotReadable, parse, parse_json, to_json
from services.notifications.refusals import Absent
from services.notifications.state.connections import Connection

Class = Literal["unreadable", "failed", "hole", "behind"]

COLUMNS = """
id, stream_id, version, position, type, class AS grade, reason, attempts, source, partition,
parked_at
"""
PARKED = """
INSERT INTO notifications.parked AS held
    (stream_id, version, position, type, message, raw, headers, class, reason, source, partition)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (stream_id, version) DO UPDATE SET
    attempts = held.attempts + 1, message = excluded.message, raw = excluded.raw,
    headers = excluded.headers, class = excluded.class, reason = excluded.reason
"""
HOLDING = "SELECT DISTINCT stream_id FROM notifications.parked WHERE stream_id = ANY(%s)"
FIRST = f"""
SELECT {COLUMNS} FROM notifications.parked WHERE stream_id = %s ORDER BY version LIMIT 1
"""
GRADED = "UPDATE notifications.parked SET class = %s, reason = %s WHERE id = %s"
CONTENT = "SELECT message::text, raw, headers FROM notifications.parked WHERE id = %s"
ONE = f"SELECT {COLUMNS} FROM notifications.parked WHERE id = %s"
PAGE = f"SELECT {COLUMNS} FROM notifications.parked WHERE id > %s ORDER BY id LIMIT %s"
STREAMS = """
SELECT DISTINCT stream_id FROM notifications.parked
WHERE stream_id > %s ORDER BY stream_id LIMIT %s
"""


class NotParked(Absent):
    """No message with this number is parked."""

    remedy = "List what is parked: `notifications parked list`."


class Parked(msgspec.Struct, frozen=True):
    """A parked message, without its content."""

    id: int
    stream_id: UUID | None
    version: int | None
    position: int | None
    type: str | None
    grade: Class
    reason: str
    attempts: int
    source: str
    partition: str
    parked_at: datetime


class Content(msgspec.Struct, frozen=True):
    """The message itself: as it was read, or as it came if it could not be."""

    message: str | None
    raw: bytes | None
    headers: dict[str, str] | None

    def read(self) -> Incoming:
        """Raises NotReadable as long as nobody has mended what is wrong."""
        if self.message is not None:
            return parse_json(self.message.encode())
        if self.raw is None:
            raise NotReadable("its content was not kept")
        if self.headers is None:
            return parse_json(self.raw)
        return parse(((name, value.encode()) for name, value in self.headers.items()), self.raw)


class Place(msgspec.Struct, frozen=True):
    """Where a message came from."""

    source: str
    partition: str


def park(
    connection: Connection, message: Incoming, grade: Class, reason: str, place: Place
) -> None:
    named = (message.stream_id, message.version, message.position, message.type)
    content = (to_json(message).decode(), None, None)
    connection.execute(PARKED, (*named, *content, grade, reason, place.source, place.partition))


def park_raw(
    connection: Connection,
    named: tuple[UUID | None, int | None, int | None, str | None],
    raw: tuple[bytes, dict[str, str] | None],
    reason: str,
    place: Place,
) -> None:
    content = (None, raw[0], Json(raw[1]) if raw[1] is not None else None)
    told = ("unreadable", reason, place.source, place.partition)
    connection.execute(PARKED, (*named, *content, *told))


def holding(connection: Connection, streams: Iterable[UUID]) -> set[UUID]:
    """The streams that have something parked."""
    return {row[0] for row in connection.execute(HOLDING, [list(streams)])}


def first(connection: Connection, stream_id: UUID) -> Parked | None:
    return _parked(connection, FIRST, [stream_id]).fetchone()


def one(connection: Connection, number: int) -> Parked:
    found = _parked(connection, ONE, [number]).fetchone()
    if found is None:
        raise NotParked(number=number)
    return found


def page(connection: Connection, after: int = 0, limit: int = 100) -> list[Parked]:
    return _parked(connection, PAGE, [after, limit]).fetchall()


def streams(connection: Connection, after: UUID, limit: int = 100) -> list[UUID]:
    return [row[0] for row in connection.execute(STREAMS, [after, limit])]


def content(connection: Connection, number: int) -> Content:
    row = connection.execute(CONTENT, [number]).fetchone()
    if row is None:
        raise NotParked(number=number)
    raw = bytes(row[1]) if row[1] is not None else None
    return Content(row[0], raw, row[2])


def grade(connection: Connection, number: int, to: Class, reason: str) -> None:
    connection.execute(GRADED, [to, reason, number])


def release(connection: Connection, number: int) -> None:
    connection.execute("DELETE FROM notifications.parked WHERE id = %s", [number])


def release_at(connection: Connection, stream_id: UUID, version: int) -> None:
    """What was parked in this place had its effect now, or is of no use any more."""
    connection.execute(
        "DELETE FROM notifications.parked WHERE stream_id = %s AND version <= %s",
        [stream_id, version],
    )


def _parked(connection: Connection, query: str, given: list[object]) -> Cursor[Parked]:
    return connection.cursor(row_factory=class_row(Parked)).execute(query.encode(), given)
