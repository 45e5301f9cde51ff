"""The version up to which each stream had its effect, and the messages that had it."""

from collections.abc import Iterable
from uuid import UUID

from services.notifications.messages import Incoming
from services.notifications.state.connections import Connection

# In order, so that two who lock several never wait for each other.
ADDED = """
INSERT INTO notifications.heads (stream_id)
SELECT id FROM unnest(%s::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING
"""
LOCKED = """
SELECT stream_id, version FROM notifications.heads
WHERE stream_id = ANY(%s) ORDER BY stream_id FOR UPDATE
"""
MOVED = "UPDATE notifications.heads SET version = %s WHERE stream_id = %s"
RECEIVED = """
INSERT INTO notifications.inbox (message_id, type, stream_id, version, position, outcome)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (message_id) DO NOTHING
"""


def lock(connection: Connection, streams: Iterable[UUID]) -> dict[UUID, int]:
    """The last version of each; nobody else changes them until commit."""
    wanted = sorted(set(streams))
    connection.execute(ADDED, [wanted])
    return {stream: int(version) for stream, version in connection.execute(LOCKED, [wanted])}


def move(connection: Connection, stream_id: UUID, version: int) -> None:
    connection.execute(MOVED, [version, stream_id])


def receive(connection: Connection, message: Incoming, outcome: str) -> bool:
    """Enter it in the inbox; False if it is there already, from before a replay."""
    row = (message.id, message.type, message.stream_id, message.version, message.position, outcome)
    return connection.execute(RECEIVED, row).rowcount == 1


def drop(
    connection: Connection, stream_id: UUID, version: int, position: int | None, kind: str | None
) -> None:
    """Say in the inbox that somebody gave this message up."""
    row = (f"{stream_id}:{version}", kind or "unknown", stream_id, version, position or 0)
    connection.execute(RECEIVED, (*row, "dropped"))
