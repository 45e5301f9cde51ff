"""The invented world in the autumn of 2026, with rules to keep, and both clocks in hand."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from services.casefile.application.decision import Receipt
from services.casefile.composition import obligation_models
from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.cadence.policy import Grace, Policy, Rule
from services.casefile.domain.cadence.shapes import CalendarShape
from services.casefile.following import Upkeep, Whereabouts
from services.casefile.readmodels import models, open_pool
from tests.casefile.following.county import County, following
from tests.casefile.rulebooks.policies import county as county_office
from tests.casefile.rulebooks.policies import policy, rule
from tests.casefile.world import context, open_child, parts, settle
from tests.servers import Database

CALL = {"mode": "video", "connected": True, "initiated_by": "parent", "parties": ["mother"]}
NO_CLOCK = "ALTER TABLE casefile.stored_events ALTER recorded_at SET DEFAULT "
TALKS = rule(grace=Grace(days=5))
CALLS = rule(
    "call.parents",
    title="父母每月来电",
    kinds=("family_call",),
    obligor="parent",
    role=None,
    grace=Grace(days=5),
)


class Owing(County):
    """A county that follows its obligations; the moment is set by `at`."""

    now = datetime(2026, 8, 20, 10, tzinfo=CHINA)

    def at(self, moment: str) -> datetime:
        """From now on it is that moment in China, for us and for the database."""
        self.now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
        self.harm(f"{NO_CLOCK}'{self.now.isoformat()}'")
        return self.now

    def adopt(self, *rules: Rule, **fields: Any) -> Policy:
        document = policy(**({"effective_from": date(2026, 9, 1), "rules": rules} | fields))
        self.parts.casefile.adopt_policy(document, county_office())
        return document

    def child(self, **fields: Any) -> UUID:
        return open_child(self.parts, occurred_on="2026-08-20", **fields)

    def assign(self, case_id: UUID, staff: str = "t-101", on: str = "2026-08-20") -> UUID:
        return self.record(
            case_id, "worker", on, role="class_teacher", staff=staff, unit="class-31"
        )

    def talk(self, case_id: UUID, on: str) -> UUID:
        return self.record(case_id, "talk", on, mood="calm")

    def call(self, case_id: UUID, on: str) -> UUID:
        return self.record(case_id, "family_call", on, **CALL)

    def declare(self, case_id: UUID, moment: str) -> list[Receipt]:
        """Say what there is to say at that moment, as the clock would."""
        now = self.at(moment)
        self.parts.rulebooks.fresh()
        return self.parts.casefile.declare(case_id, "case", now)

    def close(self, day: str) -> None:
        self.parts.casefile.close_day(date.fromisoformat(day), context())

    def obligations(self, case_id: UUID, *columns: str) -> list[tuple[Any, ...]]:
        names = ", ".join(columns)
        order = "ORDER BY starts_on, rule, version"
        place = "readmodels.obligations"
        return self.ask(f"SELECT {names} FROM {place} WHERE subject_id = %s {order}", case_id)


@contextmanager
def owing(database: Database, folder: Path) -> Iterator[Owing]:
    moment: list[Owing] = []
    built = parts(database, folder, clock=lambda: moment[0].now if moment else Owing.now)
    every = (*models(built.keyring, built.index), *obligation_models(built))
    with (
        closing(built),
        closing(following(database, built, every)) as follower,
        open_pool(database.app) as pool,
    ):
        upkeep = Upkeep(database.app, built.recorder, built.mapper, every)
        world = Owing(database, folder, built, every, follower, upkeep, pool, Whereabouts(pool))
        moment.append(world)
        world.at("2026-08-20T10:00")
        settle(built)
        upkeep.prepare()
        yield world


def monthly(code: str, **fields: Any) -> Rule:
    return rule(code, shape=CalendarShape(every="month"), **fields)


def days_later(day: str, count: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=count)).isoformat()
