"""How far each partition was read, compared and set in the transaction of the effects."""

from collections.abc import Iterable

from services.notifications.refusals import Refused
from services.notifications.state.connections import Connection

KNOWN = """
SELECT partition, next_offset FROM notifications.offsets
WHERE source = %s AND partition = ANY(%s)
"""
ADDED = """
INSERT INTO notifications.offsets (source, partition) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""
ADVANCED = """
UPDATE notifications.offsets SET next_offset = %s, updated_at = clock_timestamp()
WHERE source = %s AND partition = %s AND next_offset = %s
"""


class StaleBatch(Refused):
    """Another worker has read this partition meanwhile."""

    remedy = "Nothing is lost: reading goes on from where that one is."


def next_offsets(connection: Connection, source: str, partitions: Iterable[str]) -> dict[str, int]:
    """Where to go on; a partition nobody has read yet starts at 0."""
    wanted = sorted(partitions)
    found = {str(p): int(o) for p, o in connection.execute(KNOWN, [source, wanted])}
    return {partition: found.get(partition, 0) for partition in wanted}


def advance(
    connection: Connection, source: str, partition: str, offset: int, next_offset: int
) -> None:
    """Say that everything up to `next_offset` was read; holds the partition until commit."""
    if offset == 0:
        connection.execute(ADDED, [source, partition])
    done = connection.execute(ADVANCED, [next_offset, source, partition, offset])
    if done.rowcount != 1:
        raise StaleBatch(source=source, partition=partition)
