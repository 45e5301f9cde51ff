"""The ledger: who was told what, when, through what, with which outcome. Lines never change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from services.notifications.state.connections import Connection

# `failed`: it will be tried again. `refused`: this channel will not do. `gave_up`: none did.
# `unsure`: it was begun and what came of it was never entered; it is sent again.
Outcome = Literal["delivered", "failed", "slowed", "refused", "gave_up", "suppressed", "unsure"]

COLUMNS = """
d.id, d.notice_ids[1:20] AS notice_ids, cardinality(d.notice_ids) AS notices, d.staff, d.channel,
d.template, d.locale, d.attempt, d.outcome, d.code, d.detail, d.at
"""
WRITTEN = """
INSERT INTO notifications.deliveries
    (notice_ids, staff, channel, template, locale, attempt, outcome, code, detail, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
ATTEMPTED = """
SELECT EXISTS (
    SELECT 1 FROM notifications.deliveries
    WHERE notice_ids @> ARRAY[%s::uuid] AND staff = %s AND attempt >= %s AND outcome <> 'unsure'
)
"""
LAST = """
SELECT coalesce(max(attempt), 0) FROM notifications.deliveries WHERE notice_ids @> ARRAY[%s::uuid]
"""
ONE = f"SELECT {COLUMNS} FROM notifications.deliveries d WHERE d.id = %s"
OF_PERSON = f"""
SELECT {COLUMNS} FROM notifications.deliveries d
WHERE d.staff = %s AND d.id > %s AND (%s OR d.template NOT IN ('finding', 'finding_due'))
ORDER BY d.id LIMIT %s
"""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt, and what came of it."""

    notice_ids: Sequence[UUID]
    staff: str
    channel: str
    template: str
    locale: str
    attempt: int
    outcome: Outcome
    at: datetime
    code: str | None = None
    detail: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """A line as it is read; of a long digest the first notices and their number."""

    id: int
    notice_ids: list[UUID]
    notices: int
    staff: str
    channel: str
    template: str
    locale: str
    attempt: int
    outcome: Outcome
    code: str | None
    detail: str | None
    at: datetime


def write(connection: Connection, line: Line) -> int:
    row = connection.execute(
        WRITTEN,
        [
            list(line.notice_ids),
            line.staff,
            line.channel,
            line.template,
            line.locale,
            line.attempt,
            line.outcome,
            line.code,
            line.detail,
            line.at,
        ],
    ).fetchone()
    assert row is not None
    return int(row[0])


def was_attempted(connection: Connection, notice: UUID, staff: str, number: int) -> bool:
    """That attempt, or one after it, is in the ledger: a job that runs again has nothing to do."""
    return connection.execute(ATTEMPTED, [notice, staff, number]).fetchone() == (True,)


def last_attempt(connection: Connection, notice: UUID) -> int:
    row = connection.execute(LAST, [notice]).fetchone()
    return int(row[0]) if row else 0


def one(connection: Connection, delivery: int) -> Entry | None:
    return _entries(connection, ONE, [delivery]).fetchone()  # type: ignore[no-any-return]


def of_person(
    connection: Connection, staff: str, after: int = 0, limit: int = 100, *, findings: bool = True
) -> list[Entry]:
    """Findings are for those who inspect, and whom they concern."""
    return _entries(connection, OF_PERSON, [staff, after, findings, limit]).fetchall()  # type: ignore[no-any-return]


def _entries(connection: Connection, query: str, given: Any) -> Any:
    return connection.cursor(row_factory=class_row(Entry)).execute(query, given)
