"""How far the relay has published: its row per topic, and what whoever watches wants to know of it."""

from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from services.casefile.following.register import Link

TAKE = b"""
INSERT INTO casefile.relay AS r (topic) VALUES (%s)
ON CONFLICT (topic) DO UPDATE SET term = r.term + 1, updated_at = clock_timestamp()
RETURNING topic, term, position, again
"""
SAVE = b"""
UPDATE casefile.relay SET position = %s, held = NULL, updated_at = clock_timestamp()
WHERE topic = %s AND term = %s RETURNING again
"""
SAVE_AGAIN = b"""
UPDATE casefile.relay SET again = %s, position = greatest(position, %s), held = NULL,
       updated_at = clock_timestamp()
WHERE topic = %s AND term = %s AND again = %s RETURNING again
"""
HOLD = b"UPDATE casefile.relay SET held = %s, updated_at = clock_timestamp() WHERE topic = %s"
ASK_AGAIN = b"UPDATE casefile.relay SET again = %s WHERE topic = %s"
STATUS = b"""
SELECT r.topic, r.position, r.again, r.term, r.held,
       extract(epoch FROM clock_timestamp() - r.updated_at)::float8,
       (SELECT coalesce(max(notification_id), 0) FROM casefile.stored_events),
       coalesce((SELECT extract(epoch FROM clock_timestamp() - e.recorded_at)::float8
                 FROM casefile.stored_events e
                 WHERE e.notification_id > coalesce(r.again, r.position)
                 ORDER BY e.notification_id LIMIT 1), 0)
FROM casefile.relay r ORDER BY r.topic
"""


class Tenure(msgspec.Struct, frozen=True):
    """One relay's turn at a topic. `again` is where an operator wants it to begin once more."""

    topic: str
    term: int
    position: int
    again: int | None


class RelayStatus(msgspec.Struct, frozen=True):
    """How far a topic is, and how long nothing was heard of its relay."""

    topic: str
    position: int
    again: int | None
    term: int
    held: str | None
    silent_seconds: float
    head: int
    oldest_unpublished_seconds: float

    @property
    def published(self) -> int:
        return self.position if self.again is None else self.again

    @property
    def behind(self) -> int:
        return max(0, self.head - self.published)


def take(link: Link, topic: str) -> Tenure:
    row = link.execute(TAKE, [topic]).fetchone()
    assert row is not None
    return Tenure(*row)


def save(link: Link, tenure: Tenure, position: int) -> bool:
    """False when it is another's turn, or when an operator wants something published again."""
    row = link.execute(SAVE, [position, tenure.topic, tenure.term]).fetchone()
    return row is not None and row[0] is None


def save_again(link: Link, tenure: Tenure, position: int, *, is_done: bool) -> bool:
    """The same while publishing once more."""
    left = None if is_done else position
    values = [left, position, tenure.topic, tenure.term, tenure.again]
    return link.execute(SAVE_AGAIN, values).fetchone() is not None


def hold(link: Link, topic: str, why: str) -> None:
    """Say for whoever watches why the relay does not go on."""
    link.execute(HOLD, [why, topic])


def ask_again(link: Link, topic: str, after: int) -> bool:
    """Whether there is a relay of that topic to ask."""
    return link.execute(ASK_AGAIN, [after, topic]).rowcount == 1


def status(pool: ConnectionPool[Connection[Any]]) -> list[RelayStatus]:
    with pool.connection() as connection:
        cursor = connection.cursor(row_factory=tuple_row)
        return [RelayStatus(*row) for row in cursor.execute(STATUS).fetchall()]
