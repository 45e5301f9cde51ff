"""A stream as commands see it: its version, its effective records and its current facts."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from uuid import UUID

from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact, evolve, fold, record_ids

BIRTH_DATE = "child.birth_date"


class Stream:
    """Immutable once made; `appended` gives the next one."""

    def __init__(
        self,
        stream_id: UUID,
        entries: tuple[Entry, ...],
        facts: dict[str, Fact],
        records: dict[UUID, Entry],
    ) -> None:
        self.id = stream_id
        self.entries = entries
        self.facts: Mapping[str, Fact] = facts
        self.records: Mapping[UUID, Entry] = records
        self.is_fresh = False
        self.born_on: date | None = None

    @classmethod
    def of(cls, stream_id: UUID, entries: Sequence[Entry]) -> "Stream":
        current = effective(entries)
        return cls(stream_id, tuple(entries), fold(current), record_ids(current))

    @property
    def version(self) -> int:
        return self.entries[-1].version if self.entries else 0

    @cached_property
    def commitments(self) -> dict[str, bytes]:
        return {
            path.removeprefix("keys."): fact.value
            for path, fact in self.facts.items()
            if path.startswith("keys.")
        }

    def appended(self, entries: Sequence[Entry]) -> "Stream":
        if any(e.kind.amends for e in entries):
            return Stream.of(self.id, (*self.entries, *entries))
        facts, records = dict(self.facts), dict(self.records)
        for entry in entries:
            evolve(facts, entry)
            records[entry.env.record_id] = entry
        longer = Stream(self.id, (*self.entries, *entries), facts, records)
        if facts.get(BIRTH_DATE) is self.facts.get(BIRTH_DATE):
            longer.born_on = self.born_on
        if all(e.kind.slug != "keys" for e in entries):
            vars(longer)["commitments"] = self.commitments
        return longer
