"""The ledger of one child: each notice of the case, what came of it, and what still waits or was stopped.

A digest is one line of the ledger for many notices; here each notice has the lines it was in, and
of the others in them nothing is told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import dict_row

from services.notifications.delivering.ledger import Outcome
from services.notifications.refusals import NotificationsError
from services.notifications.state.connections import Connection

PLACE = "SELECT created_at, id FROM notifications.notices WHERE case_id = %s AND id = %s"
NOTICES = """
SELECT n.id, n.kind, n.facts, n.staff, n.step, n.urgency, n.channels, n.not_before, n.state,
    n.created_at, n.stopped_at
FROM notifications.notices n
WHERE n.case_id = %(case)s
    AND (%(moment)s::timestamptz IS NULL OR (n.created_at, n.id) > (%(moment)s, %(place)s))
    AND (%(keys)s::text[] IS NULL OR split_part(n.intent, '|', 1) = ANY(%(keys)s))
    AND (%(findings)s OR n.kind NOT IN ('finding', 'finding_due'))
ORDER BY n.created_at, n.id LIMIT %(limit)s
"""
LINES = """
SELECT told.notice, d.id, d.staff, d.channel, d.template, d.locale, d.attempt, d.outcome, d.code,
    d.detail, d.at
FROM notifications.deliveries d CROSS JOIN LATERAL unnest(d.notice_ids) AS told (notice)
WHERE d.notice_ids && %(ids)s AND told.notice = ANY(%(ids)s) ORDER BY d.id
"""


class NoSuchPlace(NotificationsError):
    """The page does not begin after a notice of this case."""

    remedy = "Begin without `after`, and go on with the `next` of each page."


class Owed(msgspec.Struct, frozen=True):
    """Which obligation a notice is about: one window of one rule."""

    policy: str
    version: int
    rule: str
    window: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to tell it. `staff` is who heard it: the person, or whoever stood in."""

    id: int
    staff: str
    channel: str
    template: str
    locale: str
    attempt: int
    outcome: Outcome
    code: str | None
    detail: str | None
    at: datetime


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One notice, and what came of it. `about` is null where it is about no obligation."""

    id: UUID
    about: Owed | None
    kind: str
    rung: str | None
    step: int
    staff: str
    urgency: str
    channels: list[str]
    not_before: datetime | None
    state: str
    created_at: datetime
    stopped_at: datetime | None
    lines: list[Line]


class Page(msgspec.Struct, frozen=True):
    """Notices in the order in which they were written; `next` is the `after` of the page to come."""

    rows: list[Told]
    next: UUID | None


def of_case(
    connection: Connection,
    case: UUID,
    *,
    about: Sequence[str] = (),
    after: UUID | None = None,
    limit: int = 50,
    findings: bool = False,
) -> Page:
    """`about`: only of these obligations, each as `policy/version/rule/window`.

    `findings`: also what was told of findings, which only those who inspect may see.
    """
    moment, place = _place(connection, case, after)
    given = {
        "case": case,
        "moment": moment,
        "place": place,
        "keys": [f"{case}/{each}" for each in about] or None,
        "findings": findings,
        "limit": limit + 1,
    }
    rows = connection.cursor(row_factory=dict_row).execute(NOTICES, given).fetchall()
    shown = rows[:limit]
    lines = _lines(connection, [row["id"] for row in shown])
    told = [_told(row, lines.get(row["id"], [])) for row in shown]
    return Page(told, told[-1].id if len(rows) > limit else None)


def _place(
    connection: Connection, case: UUID, after: UUID | None
) -> tuple[datetime | None, UUID | None]:
    if after is None:
        return None, None
    row = connection.execute(PLACE, [case, after]).fetchone()
    if row is None:
        raise NoSuchPlace
    return row[0], row[1]


def _lines(connection: Connection, ids: list[UUID]) -> dict[UUID, list[Line]]:
    found: dict[UUID, list[Line]] = {}
    if ids:
        for row in connection.cursor(row_factory=dict_row).execute(LINES, {"ids": ids}):
            found.setdefault(row.pop("notice"), []).append(Line(**row))
    return found


def _told(row: dict[str, Any], lines: list[Line]) -> Told:
    facts = row.pop("facts")
    return Told(**row, about=_owed(facts), rung=facts.get("rung"), lines=lines)


def _owed(facts: dict[str, Any]) -> Owed | None:
    """What is about no obligation, such as an emergency, has none of these."""
    if any(facts.get(name) is None for name in ("policy", "policy_version", "rule", "window")):
        return None
    return Owed(facts["policy"], facts["policy_version"], facts["rule"], facts["window"])
