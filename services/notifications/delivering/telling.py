"""The first step of telling: who hears it, the inbox, and a job for whatever reaches the person outside."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from services.notifications.delivering import ledger, matter
from services.notifications.delivering.ledger import Line
from services.notifications.delivering.matter import Matter, Piece
from services.notifications.delivering.queueing import Attempt, queue_attempt, queue_result
from services.notifications.delivering.reaching import IN_APP, names_others, outside, person_of
from services.notifications.delivering.rendering import Renderer, locale_of
from services.notifications.directory.hiding import hidden_from
from services.notifications.directory.lookups import people
from services.notifications.policy.days import day_in_china
from services.notifications.policy.people import Person, hearer
from services.notifications.state.connections import Connection

log = structlog.get_logger("services.notifications.delivering")

CHUNK = 500
ITEM = """
INSERT INTO notifications.items (staff, notice_id, title, body, link)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT (notice_id) DO NOTHING
"""
FACTS = """
SELECT id, kind, case_id, facts, urgency, false FROM notifications.notices
WHERE id = ANY(%s) ORDER BY id
"""


class Books:
    """Writes the ledger; where results are published, a job for each line goes with it."""

    def __init__(self, *, published: bool = False) -> None:
        self._published = published

    def write(self, connection: Connection, line: Line) -> int:
        number = ledger.write(connection, line)
        if self._published:
            queue_result(connection, number)
        told = log.info if line.outcome in ("delivered", "suppressed") else log.warning
        told(
            f"delivery_{line.outcome}",
            channel=line.channel,
            template=line.template,
            notice_id=str(line.notice_ids[0]),
            count=len(line.notice_ids),
            attempts=line.attempt,
            code=line.code,
            reason=line.detail,
        )
        return number


class Telling:
    """Runs as often as it likes: what the inbox has is not put there twice."""

    def __init__(self, renderer: Renderer, books: Books, now: Callable[[], datetime]) -> None:
        self._renderer = renderer
        self._books = books
        self._now = now

    def notice(self, connection: Connection, notice: UUID) -> None:
        with connection.transaction():
            row = connection.execute(matter.LOCK, [notice]).fetchone()
            if row is None or row[0] != "waiting":
                return
            staff, case_id = str(row[1]), row[2]
            hears = self._hearer(connection, staff, case_id)
            found = matter.of_notice(connection, notice, hears) if hears else None
            if hears is None or found is None:
                self._suppressed(connection, notice, staff)
                return
            self._begin(connection, found, hears, staff, Attempt(hearer=hears, notice=str(notice)))

    def digest(self, connection: Connection, digest: UUID) -> None:
        with connection.transaction():
            row = connection.execute(matter.DIGEST, [digest]).fetchone()
            if row is None:
                return
            staff, hears = str(row[0]), str(row[1])
            found = matter.of_digest(connection, digest, hears)
            if found is None or ledger.was_attempted(connection, found.notice_ids[0], hears, 1):
                return
            self._begin(connection, found, hears, staff, Attempt(hearer=hears, digest=str(digest)))

    def _hearer(self, connection: Connection, staff: str, case_id: UUID | None) -> str | None:
        known = standing_in(connection, staff)
        return hearer(staff, known, day_in_china(self._now()), hidden_from(connection, case_id))

    def _begin(
        self, connection: Connection, found: Matter, hears: str, staff: str, first: Attempt
    ) -> None:
        person = person_of(connection, hears)
        locale = locale_of(person.locale)
        fault = self._put_in_inbox(connection, found, hears, locale)
        detail = fault or (f"in the place of {staff}" if hears != staff else None)
        line = Line(
            notice_ids=found.notice_ids,
            staff=hears,
            channel=IN_APP,
            template=found.template,
            locale=locale,
            attempt=first.number,
            outcome="delivered",
            code="template" if fault else None,
            detail=detail,
            at=self._now(),
        )
        self._books.write(connection, line)
        if not outside(person, found) and not names_others(found):
            matter.set_state(connection, found.notice_ids, "delivered")
            return
        matter.set_state(connection, found.notice_ids, "queued")
        following = Attempt(
            hearer=hears, notice=first.notice, digest=first.digest, number=first.number + 1
        )
        queue_attempt(connection, following, urgent=found.is_safety)

    def _put_in_inbox(
        self, connection: Connection, found: Matter, hears: str, locale: str
    ) -> str | None:
        """An item for each notice; says what was wrong with a template, if one was."""
        fault = None
        for start in range(0, len(found.notice_ids), CHUNK):
            some = found.notice_ids[start : start + CHUNK]
            rows: list[list[Any]] = []
            for each in connection.execute(FACTS, [some]).fetchall():
                piece = Piece(*each)
                single = Matter(piece.kind, [piece], [piece.id], {piece.kind: 1})
                words = self._renderer.words(single, locale, IN_APP)
                fault = fault or words.fault
                r = words.rendered
                rows.append([hears, piece.id, r.title, r.body, r.link])
            with connection.cursor() as cursor:
                cursor.executemany(ITEM, rows)
        return fault

    def _suppressed(self, connection: Connection, notice: UUID, staff: str) -> None:
        """The person, or whoever stands in, may hear nothing of this child."""
        matter.set_state(connection, [notice], "suppressed")
        line = Line(
            notice_ids=[notice],
            staff=staff,
            channel="-",
            template="-",
            locale="-",
            attempt=0,
            outcome="suppressed",
            detail="nobody else could hear it",
            at=self._now(),
        )
        self._books.write(connection, line)


def standing_in(connection: Connection, staff: str) -> dict[str, Person]:
    """The person, whoever stands in, and whoever stands in for them."""
    known: dict[str, Person] = {}
    wanted: str | None = staff
    while wanted is not None and wanted not in known:
        found = people(connection, [wanted])
        if wanted not in found:
            break
        known |= found
        wanted = found[wanted].stand_in
    return known
