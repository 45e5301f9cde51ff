"""Gathers what the ladder goes by, in three questions to the database."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, get_args
from uuid import UUID

from services.notifications.policy.days import at, day_in_china
from services.notifications.policy.ladder import Role
from services.notifications.policy.people import Person
from services.notifications.policy.resolving import climb
from services.notifications.policy.safety import SAFETY
from services.notifications.policy.snapshot import Carer, Post, Snapshot
from services.notifications.state.connections import Connection

OF_CASE = """
SELECT
    (SELECT array_agg(ARRAY[role, staff] ORDER BY role) FROM notifications.care
     WHERE case_id = %(case)s),
    (SELECT array_agg(staff) FROM notifications.barred WHERE case_id = %(case)s),
    (SELECT ARRAY[class_unit, school, village] FROM notifications.case_places
     WHERE case_id = %(case)s)
"""
ABOVE = """
WITH RECURSIVE above AS (
    SELECT code, parent FROM notifications.units WHERE code = ANY(%s)
    UNION SELECT u.code, u.parent FROM notifications.units u JOIN above a ON u.code = a.parent
)
SELECT a.code, a.parent, p.role, p.staff, p.since
FROM above a
LEFT JOIN notifications.posts p
    ON p.unit = a.code AND p.since <= %s AND (p.until IS NULL OR p.until >= %s)
    AND p.role = ANY(%s)
"""
PEOPLE = """
SELECT p.staff, p.locale, p.channels, p.quiet_from, p.quiet_until, p.digest_at,
    p.absent_from, p.absent_until, p.stand_in
FROM notifications.people p WHERE p.staff = ANY(%s)
"""
HEARD = """
SELECT staff, count(*) FROM notifications.notices
WHERE staff = ANY(%s) AND urgency = 'now' AND not_before >= %s AND kind <> ALL(%s)
GROUP BY staff
"""


def snapshot(
    connection: Connection,
    case_id: UUID | None,
    now: datetime,
    *,
    unit: str | None = None,
    staff: str | None = None,
    roles: Iterable[str] = get_args(Role),
) -> Snapshot:
    """What is known of a child, or of a unit, and of everybody who might be told."""
    care, hidden, places = _of_case(connection, case_id)
    posts, chains = _posts(connection, [*places, unit], now, list(roles))
    candidates = {staff, *(c.staff for c in care), *(p.staff for p in posts)} - {None}
    wanted = sorted(str(each) for each in candidates)
    return Snapshot(
        care=care,
        posts=posts,
        chains=chains,
        hidden=hidden,
        people=people(connection, wanted),
        heard_now=heard_now(connection, wanted, now),
    )


def people(connection: Connection, staff: list[str]) -> dict[str, Person]:
    return {row[0]: person(row) for row in connection.execute(PEOPLE, [staff])}


def with_stand_ins(connection: Connection, staff: list[str]) -> dict[str, Person]:
    """These people, and whoever stands in for them, and for those again."""
    known: dict[str, Person] = {}
    wanted = staff
    while wanted:
        found = people(connection, wanted)
        known |= found
        wanted = sorted({p.stand_in for p in found.values() if p.stand_in} - known.keys())
        wanted = [each for each in wanted if each not in staff]
    return known


def person(row: tuple[Any, ...]) -> Person:
    return Person(
        staff=row[0],
        locale=row[1],
        channels=tuple(row[2]),
        quiet_from=row[3],
        quiet_until=row[4],
        digest_at=row[5],
        absent_from=row[6],
        absent_until=row[7],
        stand_in=row[8],
    )


def heard_now(connection: Connection, staff: list[str], now: datetime) -> dict[str, int]:
    """How often each was told at once today; what concerns safety does not count."""
    today = at(day_in_china(now), time())
    return dict(connection.execute(HEARD, [staff, today, sorted(SAFETY)]).fetchall())


def _of_case(
    connection: Connection, case_id: UUID | None
) -> tuple[tuple[Carer, ...], frozenset[str], list[str | None]]:
    if case_id is None:
        return (), frozenset(), []
    found = connection.execute(OF_CASE, {"case": case_id}).fetchone()
    care, hidden, places = found or (None, None, None)
    carers = tuple(Carer(role, staff) for role, staff in care or ())
    return carers, frozenset(hidden or ()), list(places or ())


def _posts(
    connection: Connection, places: list[str | None], now: datetime, roles: list[str]
) -> tuple[tuple[Post, ...], tuple[tuple[str, ...], ...]]:
    near = [place for place in places if place is not None]
    today = day_in_china(now)
    rows = connection.execute(ABOVE, [near, today, today, roles]).fetchall()
    parents = {row[0]: row[1] for row in rows}
    chains = tuple(climb(place, parents) for place in near)
    posts = tuple(Post(role, who, unit, since) for unit, _, role, who, since in rows if role)
    return posts, chains
