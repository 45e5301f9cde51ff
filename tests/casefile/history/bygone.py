"""The invented world as it was recorded at the time: units and staff long before any child.

What was written at once goes on from there: `on` moves both clocks, and commands are recorded then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from services.casefile.composition import Parts
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.stream_ids import RULEBOOK, unit_stream
from services.casefile.history.cohort import AtCut
from tests.casefile.rulebooks.past import Past
from tests.casefile.world import NOW, SINCE, STAFF, UNITS, context, parts
from tests.servers import Database

NO_CLOCK = "ALTER TABLE casefile.stored_events ALTER recorded_at SET DEFAULT "


class Bygone(Past):
    """A past that begins with the units themselves. `parts` reads what `write` wrote."""

    now = NOW
    children: list[UUID]

    def __init__(self, database: Database, parts: Parts) -> None:
        super().__init__(database, parts)
        self.parts = parts
        self._admin = database.admin
        self.children = []
        for code, kind, name, parent in UNITS:
            self.registered(code, kind, parent, name=name)
        for staff, role, unit in STAFF:
            self.hired(staff, role, unit, SINCE)

    def registered(
        self, code: str, kind: str, parent: str | None, on: str = SINCE, name: str = "某处"
    ) -> UUID:
        stream = unit_stream(code)
        body: dict[str, Any] = {"code": code, "unit_name": name, "unit_kind": kind}
        body |= {"parent": parent} if parent else {}
        self.told(stream, "unit_registration", on, valid_from=on, **body)
        return stream

    def adopted(self, document: Policy, on: str) -> None:
        self.told(RULEBOOK, "policy", on, document=msgspec.to_builtins(document))

    def on(self, day: str) -> datetime:
        """From now on it is noon of that day, for us and for the database."""
        self.now = noon(day)
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(f"{NO_CLOCK}'{self.now.isoformat()}'".encode())
        return self.now

    def record(self, case_id: UUID, slug: str, on: str, **body: Any) -> UUID:
        body = {"occurred_on": on, "late_reason": "补录纸质记录", **body}
        return self.parts.casefile.record(case_id, slug, body, context()).record_id

    def correct(self, case_id: UUID, target: UUID, **changes: Any) -> None:
        body = {"target": str(target), "changes": changes, "reason": "笔误更正"}
        self.parts.casefile.correct(case_id, body, context())

    def annul(self, case_id: UUID, target: UUID) -> None:
        body = {"target": str(target), "ground": "entered_in_error", "reason": "录入有误"}
        self.parts.casefile.annul(case_id, body, context())

    def declare(self, *case_ids: UUID) -> None:
        """Say what there is to say now, as the clock would."""
        self.parts.rulebooks.fresh()
        for case_id in case_ids:
            self.parts.casefile.declare(case_id, "case", self.now)

    def at(self, **asked: Any) -> AtCut:
        return self.parts.cohort.at(self.parts.cohort.pin(**asked))


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+08:00")


@contextmanager
def bygone(database: Database, folder: Path) -> Iterator[Bygone]:
    world: list[Bygone] = []
    built = parts(database, folder, clock=lambda: world[0].now if world else NOW)
    world.append(Bygone(database, built))
    yield world[0]
    built.close()
