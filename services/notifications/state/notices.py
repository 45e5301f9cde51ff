"""Writes what is to be told, once for each person, and stops what need not be told any more.

However many messages there are, they take a handful of statements together.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from psycopg.types.json import Json

from services.notifications.policy.intent import Intent, Urgency
from services.notifications.state.connections import Connection

NAMESPACE = uuid5(NAMESPACE_URL, "casefile/notifications/notice")

STOPPED = """
UPDATE notifications.notices SET state = 'stopped', stopped_at = clock_timestamp()
WHERE intent = ANY(%s) AND state = 'waiting'
"""
TOLD = """
SELECT intent, staff, channels FROM notifications.notices
WHERE intent = ANY(%s) AND state IN ('queued', 'delivered') ORDER BY intent, staff
"""
COLUMNS = """
id, dedup, intent, kind, case_id, staff, facts, urgency, step, not_before, message_id, corrects,
channels
"""
WRITTEN = f"""
INSERT INTO notifications.notices ({COLUMNS})
SELECT {COLUMNS} FROM json_to_recordset(%s) AS given (
    id uuid, dedup text, intent text, kind text, case_id uuid, staff text, facts jsonb,
    urgency text, step integer, not_before timestamptz, message_id text, corrects text,
    channels text[])
ON CONFLICT (dedup) DO NOTHING RETURNING id
"""


class Notice(msgspec.Struct, frozen=True):
    """A notice that was written just now, for whoever queues it."""

    id: UUID
    staff: str
    kind: str
    urgency: Urgency
    not_before: datetime | None


class Called(NamedTuple):
    """What a message called for; of what no message called for there is no id."""

    message_id: str | None
    intents: Sequence[Intent]


class _Row(msgspec.Struct, frozen=True):
    id: UUID
    dedup: str
    intent: str
    kind: str
    case_id: UUID | None
    staff: str
    facts: dict[str, Any]
    urgency: Urgency
    step: int
    not_before: datetime | None
    message_id: str | None
    corrects: str | None
    channels: Sequence[str]


def write(
    connection: Connection, intents: Iterable[Intent], message_id: str | None = None
) -> list[Notice]:
    """Carry the intents out; gives the notices that are new."""
    return write_all(connection, [Called(message_id, list(intents))])


def write_all(connection: Connection, called: Sequence[Called]) -> list[Notice]:
    """The same of several messages; what one of them stops, none of the others tells."""
    intents = [intent for call in called for intent in call.intents]
    _stop(connection, intents)
    heard = _heard(connection, {i.corrects for i in intents if i.corrects is not None})
    rows = [row for call in called for row in _rows(call, heard)]
    if not rows:
        return []
    new = {row[0] for row in connection.execute(WRITTEN, [Json(rows, dumps=msgspec.json.encode)])}
    return [
        Notice(row.id, row.staff, row.kind, row.urgency, row.not_before)
        for row in {row.id: row for row in rows}.values()
        if row.id in new
    ]


def _stop(connection: Connection, intents: Iterable[Intent]) -> None:
    stopped = [key for i in intents for key in (*i.stops, i.corrects) if key is not None]
    if stopped:
        connection.execute(STOPPED, [stopped])


def _heard(connection: Connection, keys: set[str]) -> dict[str, list[tuple[str, list[str]]]]:
    """Who heard each of these, and through what: a correction takes the same way."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    if keys:
        for intent, staff, channels in connection.execute(TOLD, [sorted(keys)]):
            found.setdefault(intent, []).append((staff, channels))
    return found


def _rows(call: Called, heard: dict[str, list[tuple[str, list[str]]]]) -> Iterator[_Row]:
    for intent in call.intents:
        if intent.corrects is None:
            whom: Iterable[tuple[str, Sequence[str]]] = ((s, intent.channels) for s in intent.staff)
        else:
            whom = heard.get(intent.corrects, ())
        for staff, channels in whom:
            dedup = f"{intent.dedup}|{staff}"
            yield _Row(
                id=uuid5(NAMESPACE, dedup),
                dedup=dedup,
                intent=intent.dedup,
                kind=intent.kind,
                case_id=intent.case_id,
                staff=staff,
                facts=intent.facts,
                urgency=intent.urgency,
                step=intent.step,
                not_before=intent.not_before,
                message_id=call.message_id,
                corrects=intent.corrects,
                channels=channels,
            )
