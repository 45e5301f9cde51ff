"""Keeps who may hear nothing of a child, and silences what they had not heard yet."""

from collections.abc import Collection
from uuid import UUID

from services.notifications.messages import Incoming
from services.notifications.policy.safety import harmer
from services.notifications.state.connections import Connection

HIDE = """
INSERT INTO notifications.hidden (record_id, case_id, staff) VALUES (%s, %s, %s)
ON CONFLICT DO NOTHING
"""
SILENCE = """
UPDATE notifications.notices SET state = 'suppressed'
WHERE case_id = %s AND staff = %s AND state IN ('waiting', 'queued')
"""
REVEAL = "DELETE FROM notifications.hidden WHERE record_id = %s AND case_id = %s"
OF_CASE = "SELECT staff FROM notifications.barred WHERE case_id = %s"


def hide(connection: Connection, message: Incoming) -> None:
    """What a mandatory report says of the care team; part of the state, also in a replay."""
    named = harmer(message)
    if named is None:
        return
    connection.execute(HIDE, [message.data["record_id"], message.stream_id, named])
    connection.execute(SILENCE, [message.stream_id, named])


def reveal(connection: Connection, message: Incoming) -> None:
    """A report that was annulled bars nobody any more."""
    connection.execute(REVEAL, [message.data["target"], message.stream_id])


def hidden_from(connection: Connection, case_id: UUID | None) -> frozenset[str]:
    """Who may hear nothing of the child, also not in somebody's place."""
    if case_id is None:
        return frozenset()
    return frozenset(row[0] for row in connection.execute(OF_CASE, [case_id]))


def may_hear(connection: Connection, staff: str, case_ids: Collection[UUID]) -> set[UUID]:
    """The cases among these of which the person may hear."""
    sql = "SELECT case_id FROM notifications.barred WHERE staff = %s AND case_id = ANY(%s)"
    barred = {row[0] for row in connection.execute(sql, [staff, list(case_ids)])}
    return set(case_ids) - barred
