"""The digests of the morning: what waits for one person, in one piece, once a day.

The database puts each together, so that no more than a page of people is held here at a time.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
import structlog
from psycopg import Rollback
from psycopg.types.json import Jsonb

from services.notifications.directory.hiding import may_hear
from services.notifications.directory.lookups import people, with_stand_ins
from services.notifications.policy.days import day_in_china
from services.notifications.policy.digesting import Line, Section, sections
from services.notifications.policy.ladder import Ladder
from services.notifications.policy.people import Person, hearer
from services.notifications.policy.timing import Timing
from services.notifications.state.connections import Connection

NAMESPACE = uuid5(NAMESPACE_URL, "casefile/notifications/digest")
PEOPLE_AT_ONCE = 100
log = structlog.get_logger("notifications.digests")

WAITING = "state = 'waiting' AND urgency = 'digest'"
UNDATED = f"""
SELECT DISTINCT staff FROM notifications.notices
WHERE {WAITING} AND not_before IS NULL AND staff > %s ORDER BY staff LIMIT {PEOPLE_AT_ONCE}
"""
DATE = f"""
UPDATE notifications.notices SET not_before = %s
WHERE {WAITING} AND not_before IS NULL AND staff = %s
"""
DUE = f"""
SELECT DISTINCT n.staff FROM notifications.notices n
WHERE {WAITING} AND n.not_before <= %s AND n.staff > %s
    AND NOT EXISTS (
        SELECT 1 FROM notifications.digests d WHERE d.staff = n.staff AND d.day = %s)
ORDER BY n.staff LIMIT {PEOPLE_AT_ONCE}
"""
CASES = f"""
SELECT DISTINCT case_id FROM notifications.notices
WHERE staff = %s AND {WAITING} AND not_before <= %s AND case_id IS NOT NULL
"""
# Whoever stands in heard it already, as themselves.
HEARD_ALREADY = f"""
UPDATE notifications.notices n SET state = 'suppressed'
WHERE staff = %s AND {WAITING} AND not_before <= %s AND EXISTS (
    SELECT 1 FROM notifications.notices o
    WHERE o.dedup = n.intent || '|' || %s AND o.state IN ('waiting', 'queued', 'delivered'))
"""
CHANNELS = f"""
SELECT DISTINCT channels FROM notifications.notices
WHERE staff = %s AND {WAITING} AND not_before <= %s ORDER BY channels
"""
MAKE = """
INSERT INTO notifications.digests (id, staff, hearer, day, channels, notices, sections)
VALUES (%s, %s, %s, %s, %s, 0, '[]') ON CONFLICT DO NOTHING
"""
TAKE = f"""
UPDATE notifications.notices SET state = 'queued', digest_id = %s
WHERE staff = %s AND {WAITING} AND not_before <= %s AND channels = %s
    AND (%s::uuid[] IS NULL OR case_id IS NULL OR case_id = ANY(%s))
"""
LINES = """
SELECT kind, count, case_id, facts FROM (
    SELECT kind, case_id, facts, count(*) OVER (PARTITION BY kind) AS count,
        row_number() OVER (PARTITION BY kind ORDER BY facts->>'due_on', case_id, id) AS place
    FROM notifications.notices WHERE digest_id = %s
) AS numbered WHERE place <= %s ORDER BY kind, place
"""
FILL = "UPDATE notifications.digests SET notices = %s, sections = %s WHERE id = %s"


class Digest(msgspec.Struct, frozen=True):
    """What one person, or whoever stands in, is told of a morning."""

    id: UUID
    staff: str
    hearer: str
    notices: int
    sections: tuple[Section, ...]


class Share(NamedTuple):
    """Of what waits for one person, what goes to one hearer through the same channels."""

    hearer: str
    cases: Collection[UUID] | None
    channels: list[str]


# Jobs for the digest, in the transaction that makes it.
Send = Callable[[Connection, Digest], None]


class Digests:
    """Makes the digests whose hour has come."""

    def __init__(self, ladder: Ladder, send: Send) -> None:
        self._timing = Timing(ladder)
        self._send = send

    def due(self, connection: Connection, now: datetime) -> bool:
        return bool(self._due_after(connection, now, ""))

    def assemble(self, connection: Connection, now: datetime) -> int:
        """How many were made; each person's in a transaction of its own."""
        self._date(connection, now)
        made = 0
        for page in self._pages(connection, now):
            known = with_stand_ins(connection, page)
            for staff in page:
                made += self._person(connection, staff, known, now)
        if made:
            log.info("digests_made", digests=made)
        return made

    def _person(
        self, connection: Connection, staff: str, known: dict[str, Person], now: datetime
    ) -> int:
        person = known.get(staff) or Person(staff=staff)
        if not self._timing.may_disturb(person, now):
            return 0
        with connection.transaction():
            ways = [row[0] for row in connection.execute(CHANNELS, [staff, now])]
            made = [
                self._make(connection, staff, Share(to, cases, channels), now)
                for to, cases in self._hearers(connection, staff, known, now)
                for channels in ways
            ]
        return sum(made)

    def _hearers(
        self, connection: Connection, staff: str, known: dict[str, Person], now: datetime
    ) -> Iterator[tuple[str, Collection[UUID] | None]]:
        """Who hears it, of which cases; what whoever stands in may not hear stays with the person."""
        there = hearer(staff, known, day_in_china(now)) or staff
        if there != staff:
            connection.execute(HEARD_ALREADY, [staff, now, there])
            cases = [row[0] for row in connection.execute(CASES, [staff, now])]
            yield there, may_hear(connection, there, cases)
        yield staff, None

    def _make(
        self,
        connection: Connection,
        staff: str,
        share: Share,
        now: datetime,
    ) -> int:
        day, to = day_in_china(now), share.hearer
        identity = uuid5(NAMESPACE, "/".join((staff, to, str(day), *share.channels)))
        with connection.transaction() as inner:
            row = [identity, staff, to, day, share.channels]
            made = connection.execute(MAKE, row).rowcount
            of = None if share.cases is None else list(share.cases)
            given = [identity, staff, now, share.channels, of, of]
            taken = connection.execute(TAKE, given).rowcount
            if made and taken:
                self._send(connection, self._filled(connection, identity, staff, to, taken))
                return 1
            raise Rollback(inner)
        return 0

    @staticmethod
    def _filled(connection: Connection, identity: UUID, staff: str, to: str, taken: int) -> Digest:
        rows = connection.execute(LINES, [identity, Section.SHOWN])
        shown = sections(Line(kind, count, case, facts) for kind, count, case, facts in rows)
        packed = Jsonb(msgspec.to_builtins(shown))
        connection.execute(FILL, [taken, packed, identity])
        return Digest(identity, staff, to, taken, shown)

    def _date(self, connection: Connection, now: datetime) -> None:
        """Corrections go to whoever heard the miss, and wait for the next digest of each."""
        after = ""
        while page := [r[0] for r in connection.execute(UNDATED, [after])]:
            known = people(connection, page)
            for staff in page:
                person = known.get(staff) or Person(staff=staff)
                connection.execute(DATE, [self._timing.next_digest(person, now), staff])
            after = page[-1]

    def _pages(self, connection: Connection, now: datetime) -> Iterator[list[str]]:
        after = ""
        while page := self._due_after(connection, now, after):
            yield page
            after = page[-1]

    @staticmethod
    def _due_after(connection: Connection, now: datetime, after: str) -> list[str]:
        return [r[0] for r in connection.execute(DUE, [now, after, day_in_china(now)])]
