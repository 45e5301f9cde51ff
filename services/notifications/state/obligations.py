"""What was declared of each obligation: overdue, missed, fulfilled, or late."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec
from psycopg.types.json import Json

from services.notifications.state.connections import Connection

State = Literal["overdue", "missed", "fulfilled", "late"]

# A miss is final: what is fulfilled after it is late, and the miss stays on file beside it.
DECLARED = """
INSERT INTO notifications.obligations AS held
    (stream_id, policy, version, rule, window_key, stream, case_id, state, accountable, unit,
     role, obligor, due_on, closed_on, missed_message)
SELECT * FROM json_to_recordset(%s) AS given (
    stream_id uuid, policy text, version integer, rule text, window_key text, stream text,
    case_id uuid, state text, accountable text, unit text, role text, obligor text, due_on date,
    closed_on date, missed_message text)
ON CONFLICT (stream_id, policy, version, rule, window_key) DO UPDATE SET
    state = CASE
        WHEN excluded.state IN ('fulfilled', 'late') AND held.missed_message IS NOT NULL THEN 'late'
        WHEN excluded.state = 'overdue' THEN held.state
        ELSE excluded.state
    END,
    accountable = excluded.accountable, unit = excluded.unit, role = excluded.role,
    closed_on = coalesce(excluded.closed_on, held.closed_on),
    missed_message = coalesce(excluded.missed_message, held.missed_message)
"""


class Declared(msgspec.Struct, frozen=True):
    """One declaration, as the table has it."""

    stream_id: UUID
    policy: str
    version: int
    rule: str
    window_key: str
    stream: str
    case_id: UUID | None
    state: State
    accountable: str | None
    unit: str | None
    role: str | None
    obligor: str
    due_on: date
    closed_on: date | None = None
    missed_message: str | None = None


def declare(connection: Connection, declared: Sequence[Declared]) -> None:
    """Of one obligation once at most."""
    connection.execute(DECLARED, [Json(declared, dumps=msgspec.json.encode)])
