"""Reads people of the directory, and how often each was told at once today."""

from datetime import datetime, time
from typing import Any

from services.notifications.policy.days import at, day_in_china
from services.notifications.policy.people import Person
from services.notifications.policy.safety import SAFETY
from services.notifications.state.connections import Connection

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
