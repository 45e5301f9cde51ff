"""The version up to which each stream had its effect, and the messages that had it."""

from collections.abc import Iterable, Mapping, Sequence
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
MOVED = """
UPDATE notifications.heads AS held SET version = given.version
FROM unnest(%s::uuid[], %s::bigint[]) AS given (stream_id, version)
WHERE held.stream_id = given.stream_id
"""
RECEIVED = """
INSERT INTO notifications.inbox (message_id, type, stream_id, version, position, outcome)
SELECT * FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::bigint[], %s::text[])
ON CONFLICT (message_id) DO NOTHING RETURNING message_id
"""


def lock(connection: Connection, streams: Iterable[UUID]) -> dict[UUID, int]:
    """The last version of each; nobody else changes them until commit."""
    wanted = sorted(set(streams))
    connection.execute(ADDED, [wanted])
    return {stream: int(version) for stream, version in connection.execute(LOCKED, [wanted])}


def move(connection: Connection, versions: Mapping[UUID, int]) -> None:
    connection.execute(MOVED, [list(versions), list(versions.values())])


def receive(connection: Connection, messages: Iterable[tuple[Incoming, str]]) -> set[str]:
    """Enter them in the inbox, each with its outcome; gives the ids that were not there already.

    What is there is from before a replay.
    """
    rows = [(m.id, m.type, m.stream_id, m.version, m.position, outcome) for m, outcome in messages]
    return _entered(connection, rows)


def drop(
    connection: Connection, stream_id: UUID, version: int, position: int | None, kind: str | None
) -> None:
    """Say in the inbox that somebody gave this message up."""
    row = (f"{stream_id}:{version}", kind or "unknown", stream_id, version, position or 0)
    _entered(connection, [(*row, "dropped")])


def _entered(connection: Connection, rows: Sequence[tuple[object, ...]]) -> set[str]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return {row[0] for row in connection.execute(RECEIVED, columns)}
