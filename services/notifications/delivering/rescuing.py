"""Finds notices that nobody will tell: their job is gone, or there never was one."""

from datetime import timedelta
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from services.notifications.delivering import ledger
from services.notifications.delivering.queueing import Attempt, queue, queue_attempt
from services.notifications.refusals import Absent
from services.notifications.state.connections import Connection
from services.notifications.state.notices import Notice

# A job that is there comes long before that.
PATIENCE = timedelta(minutes=5)
MOST = 1000
FORGOTTEN = """
SELECT id, staff, kind, urgency, not_before FROM notifications.notices
WHERE state = 'waiting' AND urgency = 'now' AND coalesce(not_before, created_at) < now() - %s
ORDER BY not_before LIMIT %s
"""
GAVE_UP = """
SELECT id, kind, staff, case_id, digest_id FROM notifications.notices
WHERE state = 'gave_up' AND id > %s ORDER BY id LIMIT %s
"""
REVIVE = """
UPDATE notifications.notices SET state = 'queued' WHERE id = %s AND state = 'gave_up'
"""
LAST_HEARER = """
SELECT staff FROM notifications.deliveries
WHERE notice_ids @> ARRAY[%s::uuid] AND outcome = 'gave_up' ORDER BY id DESC LIMIT 1
"""


class NotGivenUp(Absent):
    """No notice with this id was given up."""

    remedy = "List what was given up: `notifications dead list`."


class Dead(msgspec.Struct, frozen=True):
    """A notice that no channel took."""

    id: UUID
    kind: str
    staff: str
    case_id: UUID | None
    digest_id: UUID | None


def requeue_forgotten(connection: Connection) -> int:
    """Queued anew; where there is a job after all, that one stays the only one."""
    with connection.transaction():
        found = [Notice(*row) for row in connection.execute(FORGOTTEN, [PATIENCE, MOST])]
        queue(connection, found)
    return len(found)


def given_up(connection: Connection, after: UUID = UUID(int=0), limit: int = 100) -> list[Dead]:  # noqa: B008
    cursor = connection.cursor(row_factory=class_row(Dead))
    return cursor.execute(GAVE_UP, [after, limit]).fetchall()


def try_again(connection: Connection, notice: UUID) -> None:
    """From the person's first channel on; the attempts go on counting."""
    with connection.transaction():
        if connection.execute(REVIVE, [notice]).rowcount == 0:
            raise NotGivenUp(notice=notice)
        row = connection.execute(LAST_HEARER, [notice]).fetchone()
        number = ledger.last_attempt(connection, notice) + 1
        hearer = str(row[0]) if row else ""
        queue_attempt(connection, Attempt(hearer=hearer, notice=str(notice), number=number))
