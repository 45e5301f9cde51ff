"""A stream folded: the current facts, each with the entry that says so."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A current value and the entry it comes from."""

    value: Any
    entry: Entry

    @property
    def since(self) -> date:
        return self.entry.env.occurred_on


Facts = Mapping[str, Fact]


def fold(entries: Iterable[Entry]) -> dict[str, Fact]:
    """The facts as the effective entries state them; the later day wins, then the later entry."""
    facts: dict[str, Fact] = {}
    for entry in entries:
        evolve(facts, entry)
    return facts


def evolve(facts: dict[str, Fact], entry: Entry) -> None:
    """Let one entry state its facts. Never refuses."""
    if entry.amended is not None and entry.amended.annulled_by is not None:
        return
    if entry.kind.contact is not None and entry.rec.reaches():
        _state(facts, f"last.{entry.kind.slug}", entry.env.occurred_on, entry)
    for path, value in entry.rec.sets(entry):
        _state(facts, path, value, entry)


def _state(facts: dict[str, Fact], path: str, value: Any, entry: Entry) -> None:
    known = facts.get(path)
    if known is None or _order(known.entry) <= _order(entry):
        facts[path] = Fact(value, entry)


def _order(entry: Entry) -> tuple[date, int]:
    return (entry.env.occurred_on, entry.version)


def value(facts: Facts, path: str) -> Any:
    """The current value at a path, or None."""
    fact = facts.get(path)
    return None if fact is None else fact.value


def under(facts: Facts, prefix: str) -> dict[str, Fact]:
    """The current facts below a path, keyed by what follows it."""
    start = f"{prefix}."
    return {
        path[len(start) :]: fact
        for path, fact in facts.items()
        if path.startswith(start) and fact.value is not None
    }


def record_ids(entries: Iterable[Entry]) -> dict[UUID, Entry]:
    return {e.env.record_id: e for e in entries}
