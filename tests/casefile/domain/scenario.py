"""Given/when/then for the rules: a stream in memory, no database."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from services.casefile.domain.admission import admit
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope
from services.casefile.domain.facts import fold, record_ids
from services.casefile.domain.families.case import CaseOpened
from services.casefile.domain.record import Record
from services.casefile.domain.situation import Situation

TEACHER = Author("t-101", "class_teacher", "school-1")
STREAM = UUID("01890000-0000-7000-8000-000000000001")


@dataclass
class Scenario:
    """A stream under test. `given` stores without asking; `record` asks first."""

    today: date = date(2026, 11, 20)
    born_on: date | None = date(2015, 3, 1)
    entries: list[Entry] = field(default_factory=list)

    def given(self, rec: Record, on: str = "2026-11-20", **envelope: Any) -> "Scenario":
        self.entries.append(self._entry(rec, on, **envelope))
        return self

    def record(self, rec: Record, on: str = "2026-11-20", **envelope: Any) -> "Scenario":
        entry = self._entry(rec, on, **envelope)
        admit(entry.kind, rec, self._situation(entry.env))
        self.entries.append(entry)
        return self

    @property
    def facts(self) -> dict[str, Any]:
        folded = fold(effective(self.entries))
        return {path: fact.value for path, fact in folded.items() if fact.value is not None}

    @property
    def last_id(self) -> UUID:
        return self.entries[-1].env.record_id

    def _situation(self, env: Envelope) -> Situation:
        current = effective(self.entries)
        return Situation(
            today=self.today,
            env=env,
            facts=fold(current),
            records=record_ids(current),
            born_on=self.born_on,
        )

    def _entry(self, rec: Record, on: str, **envelope: Any) -> Entry:
        version = len(self.entries) + 1
        options: dict[str, Any] = {
            "record_id": uuid4(),
            "recorded_by": TEACHER,
            "performed_by": TEACHER,
            "source": "web",
        }
        env = Envelope(occurred_on=date.fromisoformat(on), **(options | envelope))
        recorded_at = datetime.combine(env.occurred_on, time(10), UTC)
        kind = catalogue().of(type(rec))
        return Entry(STREAM, version, version, recorded_at, kind, env, rec)


def scenario(today: str = "2026-11-20") -> Scenario:
    return Scenario(today=date.fromisoformat(today))


def opened(on: str = "2026-09-01", **child: Any) -> Scenario:
    """A case that was opened, with a made-up child."""
    fields: dict[str, Any] = {
        "name": "禾苗甲",
        "sex": "female",
        "birth_date": date(2015, 3, 1),
        "population": "left_behind",
        "school": "school-1",
    }
    return scenario().given(CaseOpened(**(fields | child)), on)
