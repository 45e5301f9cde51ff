"""The product with its clock, at a time of the test's own, over a log that is written as it was."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from services.casefile.composition import Parts, obligation_models
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope
from services.casefile.domain.families.obligation import OfObligation
from services.casefile.following import Following, Upkeep, Whereabouts
from services.casefile.readmodels import open_pool
from services.casefile.sweeping.clock import Board, Clockwork
from services.casefile.sweeping.proof import Proof, prove
from services.casefile.sweeping.status import Pass
from services.casefile.sweeping.sweeper import Sweeper
from services.casefile.sweeping.swept import Swept
from tests.casefile.sweeping.lives import Told
from tests.casefile.world import context, parts, settle
from tests.servers import Database

TEACHER = Author("t-101", "class_teacher", "class-31")
TELL = b"""
INSERT INTO casefile.stored_events
    (originator_id, originator_version, topic, state, recorded_at)
SELECT %(child)s, coalesce(max(originator_version), 0) + 1, %(topic)s, %(state)s, %(recorded_at)s
FROM casefile.stored_events WHERE originator_id = %(child)s
"""
Said = tuple[UUID, date, str, bytes]
"""(record id, day, kind, bytes of the record): what must be the same whoever declares it."""


@dataclass
class Rehearsal:
    """`now` is what time it is; the database goes on stamping with its own."""

    database: Database
    parts: Parts
    board: Board
    sweeper: Sweeper
    time: list[datetime]
    told: list[Told] = field(default_factory=list)
    looked: int = 0

    @property
    def now(self) -> datetime:
        return self.time[0]

    @now.setter
    def now(self, now: datetime) -> None:
        self.time[0] = now

    def adopt(self, policy: dict[str, Any]) -> None:
        adopted = msgspec.convert(policy, Policy)
        self.parts.casefile.adopt_policy(adopted, context(source="system"))

    def tell(self, told: Iterable[Told]) -> None:
        """Write the past, as only the owner of the tables can."""
        with psycopg.connect(self.database.owner) as connection:
            connection.cursor().executemany(TELL, [stored(each) for each in told])

    def live_until(self, moment: datetime) -> None:
        """Tell all of `told` that was recorded by then and is not in the log yet."""
        due = [each for each in self.told if each.recorded_at <= moment]
        self.told = self.told[len(due) :]
        self.tell(due)
        self.now = moment

    def follow(self) -> None:
        self.board.reach(self.parts.recorder.head(), Event())

    def sweep(self, now: datetime | None = None) -> Swept:
        self.follow()
        return self.sweeper.sweep(now or self.now)

    def clock(self) -> Clockwork:
        return Clockwork(self.parts, self.board, self.sweeper, time=self.look, tick=0.05)

    def look(self, _moment: datetime) -> datetime:
        self.looked += 1
        return self.now

    def tick(self, now: datetime | None = None) -> Pass:
        self.now = now or self.now
        return self.clock().once()

    def prove(self) -> Proof:
        return prove(self.parts, self.database.app, time=lambda _: self.now)

    def entries(self) -> list[Entry]:
        rows = self.parts.recorder.page(0, 1_000_000)
        read = self.parts.mapper.entry
        return [
            read(stream, v, topic, state, at, when) for at, stream, v, topic, state, when in rows
        ]

    def declarations(self) -> list[Entry]:
        return [each for each in self.entries() if isinstance(each.rec, OfObligation)]

    def said(self) -> set[Said]:
        return {said(each) for each in self.declarations()}

    def of(self, slug: str) -> list[Entry]:
        return [each for each in self.declarations() if each.kind.slug == slug]

    def closed_days(self) -> list[date]:
        return [e.occurred_on for e in self.entries() if e.kind.slug == "day_closed"]

    def harm(self, statement: str, *values: Any) -> None:
        """Do what no service may: as the superuser."""
        with psycopg.connect(self.database.admin, autocommit=True) as connection:
            connection.execute(statement.encode(), values)


def said(entry: Entry) -> Said:
    return (entry.record_id, entry.occurred_on, entry.kind.slug, msgspec.json.encode(entry.rec))


def stored(told: Told) -> dict[str, Any]:
    env = Envelope(
        record_id=told.record_id,
        occurred_on=told.occurred_on,
        recorded_by=TEACHER,
        performed_by=TEACHER,
        source="web",
    )
    return {
        "child": told.child,
        "topic": catalogue().slug(told.slug).topic,
        "state": msgspec.json.encode({"env": env, "rec": told.rec}),
        "recorded_at": told.recorded_at,
    }


@contextmanager
def rehearsal(
    database: Database, folder: Path, now: datetime, *, is_first: bool = True
) -> Iterator[Rehearsal]:
    """Another one over the same database is another replica of the clock."""
    time = [now]
    folder.mkdir(exist_ok=True)
    with closing(parts(database, folder, clock=lambda: time[0])) as built:
        if is_first:
            settle(built)
        models = obligation_models(built)
        Upkeep(database.app, built.recorder, built.mapper, models).prepare()
        following = Following(database.app, built.recorder, built.mapper, models)
        with open_pool(database.app) as pool:
            board = Board(built.recorder, following, Whereabouts(pool))
            with closing(board):
                sweeper = Sweeper(built, database.app, chunk=7)
                yield Rehearsal(database, built, board, sweeper, time)


@contextmanager
def ticking(clock: Clockwork) -> Iterator[None]:
    """The clock in a thread of its own; it ends promptly."""
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        ran = pool.submit(clock.run, stop)
        try:
            yield
        finally:
            stop.set()
        ran.result(5)


def policy(*rules: dict[str, Any], since: str = "2036-03-01", **more: Any) -> dict[str, Any]:
    head = {
        "policy": "school-default",
        "version": 1,
        "title": "每月一谈",
        "approved_by": "office-1",
    }
    return head | {"effective_from": since, "rules": list(rules)} | more


def rule(
    code: str, kind: str, shape: dict[str, Any] | str = "month", **more: Any
) -> dict[str, Any]:
    every = {"shape": "calendar", "every": shape} if isinstance(shape, str) else shape
    fields = {"code": code, "title": "按期联系", "shape": every, "kinds": [kind]}
    return fields | {"role": "class_teacher"} | more


SIX: Sequence[dict[str, Any]] = (
    rule("talk.month", "talk", grace={"days": 3}),
    rule("talk.week", "talk", "iso_week", entry_deadline_days=3),
    rule("visit.month", "home_visit", role="child_director", grace={"days": 5}),
    rule("visit.interval", "home_visit", {"shape": "interval", "days": 14}, role="child_director"),
    rule("guardian.half", "guardian_contact", "half_month", least=2, gap_days=3),
    rule("call.week", "family_call", "iso_week", obligor="parent", role=None),
)
