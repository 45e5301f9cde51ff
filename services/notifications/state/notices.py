"""Writes what is to be told, once for each person, and stops what need not be told any more."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from psycopg.types.json import Jsonb

from services.notifications.policy.intent import Intent, Urgency
from services.notifications.state.connections import Connection

NAMESPACE = uuid5(NAMESPACE_URL, "casefile/notifications/notice")

STOPPED = """
UPDATE notifications.notices SET state = 'stopped'
WHERE intent = ANY(%s) AND state = 'waiting'
"""
TOLD = """
SELECT DISTINCT staff FROM notifications.notices
WHERE intent = %s AND state IN ('queued', 'delivered') ORDER BY staff
"""
WRITTEN = """
INSERT INTO notifications.notices
    (id, dedup, intent, kind, case_id, staff, facts, urgency, step, not_before, message_id, corrects)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (dedup) DO NOTHING
"""


class Notice(msgspec.Struct, frozen=True):
    """A notice that was written just now, for whoever queues it."""

    id: UUID
    staff: str
    kind: str
    urgency: Urgency
    not_before: datetime | None


def write(
    connection: Connection, intents: Iterable[Intent], message_id: str | None = None
) -> list[Notice]:
    """Carry the intents out; gives the notices that are new."""
    return [notice for intent in intents for notice in _carried(connection, intent, message_id)]


def _carried(connection: Connection, intent: Intent, message_id: str | None) -> list[Notice]:
    _stop(connection, intent)
    recipients: Sequence[str] = intent.staff
    if intent.corrects is not None:
        recipients = [row[0] for row in connection.execute(TOLD, [intent.corrects])]
    found = (_written(connection, intent, staff, message_id) for staff in recipients)
    return [notice for notice in found if notice is not None]


def _stop(connection: Connection, intent: Intent) -> None:
    stopped = [*intent.stops, *([intent.corrects] if intent.corrects else [])]
    if stopped:
        connection.execute(STOPPED, [stopped])


def _written(
    connection: Connection, intent: Intent, staff: str, message_id: str | None
) -> Notice | None:
    dedup = f"{intent.dedup}|{staff}"
    notice = Notice(uuid5(NAMESPACE, dedup), staff, intent.kind, intent.urgency, intent.not_before)
    whom = (
        intent.kind,
        intent.case_id,
        staff,
        Jsonb(intent.facts, dumps=_dumped),
        intent.urgency,
        intent.step,
    )
    row = (notice.id, dedup, intent.dedup, *whom, intent.not_before, message_id, intent.corrects)
    return notice if connection.execute(WRITTEN, row).rowcount == 1 else None


def _dumped(facts: object) -> bytes:
    """Facts hold days and ids; msgspec writes them as text."""
    return msgspec.json.encode(facts)
