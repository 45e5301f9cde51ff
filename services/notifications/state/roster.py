"""Posts of staff, and the tree of units."""

from datetime import date, timedelta
from uuid import UUID

from services.notifications.state.connections import Connection

POSTED = """
INSERT INTO notifications.post_changes (stream_id, since, staff, role, unit, version)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (stream_id, since) DO UPDATE SET
    role = excluded.role, unit = excluded.unit, version = excluded.version
"""
STAFF = "SELECT staff FROM notifications.post_changes WHERE stream_id = %s LIMIT 1"
REGISTERED = """
INSERT INTO notifications.units (code, stream_id, parent, kind, name) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (code) DO UPDATE SET
    stream_id = excluded.stream_id, parent = excluded.parent, kind = excluded.kind,
    name = excluded.name
"""
MOVED = "UPDATE notifications.units SET parent = %s WHERE stream_id = %s"
RENAMED = "UPDATE notifications.units SET name = %s WHERE stream_id = %s"
CLOSED = "UPDATE notifications.units SET closed_on = %s WHERE stream_id = %s"

Post = tuple[str | None, str | None]


def post(
    connection: Connection, stream_id: UUID, staff: str, since: date, held: Post, version: int
) -> None:
    """A post, role and unit, from a day on."""
    connection.execute(POSTED, [stream_id, since, staff, *held, version])


def repost(connection: Connection, stream_id: UUID, since: date, held: Post, version: int) -> None:
    """Another post of somebody who is registered; an unregistered one is nobody we could tell."""
    found = connection.execute(STAFF, [stream_id]).fetchone()
    if found is not None:
        post(connection, stream_id, found[0], since, held, version)


def leave(connection: Connection, stream_id: UUID, last_day: date, version: int) -> None:
    repost(connection, stream_id, last_day + timedelta(days=1), (None, None), version)


def register_unit(
    connection: Connection, stream_id: UUID, code: str, parent: str | None, called: tuple[str, str]
) -> None:
    """`called`: its kind and its name."""
    connection.execute(REGISTERED, [code, stream_id, parent, *called])


def move_unit(connection: Connection, stream_id: UUID, parent: str | None) -> None:
    connection.execute(MOVED, [parent, stream_id])


def rename_unit(connection: Connection, stream_id: UUID, name: str) -> None:
    connection.execute(RENAMED, [name, stream_id])


def close_unit(connection: Connection, stream_id: UUID, last_day: date) -> None:
    connection.execute(CLOSED, [last_day, stream_id])
