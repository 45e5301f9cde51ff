"""What a stream said at a moment: its records as they then read, and what held on which day.

A stream is cut at a version. Entries up to the cut are amended by the amendments up to the cut,
so views are kept by the number of amendments that count, and versions are compared inside.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple
from uuid import UUID

from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry

OPENINGS = ("opening", "unit_registration")
Counts = Callable[[Entry], bool]
"""Whether a record may be a proof at all, whichever rule asks."""


def everything(_: Entry) -> bool:
    """As it is judged in earnest: whatever is on file."""
    return True


class Statement(NamedTuple):
    """A record said that from this day on a fact has this value."""

    day: date
    version: int
    value: Any


class View:
    """The stream with some of its amendments applied."""

    def __init__(self, entries: Sequence[Entry], counts: Counts = everything) -> None:
        self.counts = counts
        self.entries = [entry for entry in entries if not entry.is_annulled]
        self.memo: dict[Any, Any] = {}

    @cached_property
    def statements(self) -> dict[str, list[Statement]]:
        """By fact, in the order in which they win. Contacts are proofs and state no conditions."""
        found: dict[str, list[Statement]] = {}
        for entry in self.entries:
            if entry.kind.contact is None:
                for path, value in entry.rec.sets(entry):
                    statement = Statement(entry.env.occurred_on, entry.version, value)
                    found.setdefault(path, []).append(statement)
        for statements in found.values():
            statements.sort(key=lambda each: (each.day, each.version))
        return found

    @cached_property
    def paths(self) -> dict[str, list[str]]:
        """The facts that were ever stated, by the first part of their path."""
        found: dict[str, list[str]] = {}
        for path in self.statements:
            found.setdefault(path.partition(".")[0], []).append(path)
        return found

    @cached_property
    def last_statement(self) -> int:
        """The version of the last entry that states anything."""
        return max((s.version for each in self.statements.values() for s in each), default=0)

    @cached_property
    def days(self) -> list[date]:
        """The days on which anything may have changed."""
        return sorted({s.day for each in self.statements.values() for s in each})

    @cached_property
    def ids(self) -> frozenset[UUID]:
        """The records that count."""
        return frozenset(entry.env.record_id for entry in self.entries)

    @cached_property
    def by_kind(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.kind.slug, []).append(entry)
        for entries in found.values():
            entries.sort(key=lambda entry: (entry.env.occurred_on, entry.version))
        return found

    def value(self, path: str, day: date, version: int) -> Any:
        """What a fact was on a day, by the entries up to a version."""
        for statement in reversed(self.statements.get(path, ())):
            if statement.day <= day and statement.version <= version:
                return statement.value
        return None

    def under(self, prefix: str, day: date, version: int) -> dict[str, Any]:
        """The facts `<prefix>.…` that hold on a day."""
        values = {
            path[len(prefix) + 1 :]: self.value(path, day, version)
            for path in self.paths.get(prefix, ())
        }
        return {name: value for name, value in values.items() if value is not None}


class Known:
    """One stream, to be looked at as of any moment; `counts` says which records may be proofs."""

    def __init__(self, entries: Sequence[Entry], counts: Counts = everything) -> None:
        self._counts = counts
        self.entries = entries
        self.amendments = [entry for entry in entries if entry.kind.amends]
        self._recorded = list(accumulate((e.recorded_at for e in entries), max))
        self._views: dict[int, View] = {}

    @cached_property
    def plain(self) -> View:
        """Everything as it was first recorded."""
        return View(self.entries, self._counts)

    @cached_property
    def opened_on(self) -> date:
        """The day on which the file or the unit begins, as it was first recorded; it never moves."""
        openings = (e.env.occurred_on for e in self.entries if e.kind.slug in OPENINGS)
        return next(openings, date.max)

    @cached_property
    def reach(self) -> tuple[date, date]:
        """The first and the last day that any entry ever spoke of."""
        days = [entry.env.occurred_on for entry in self.entries]
        for each in self.amendments:
            changes = getattr(each.rec, "changes", {})
            if "occurred_on" in changes:
                days.append(date.fromisoformat(changes["occurred_on"]))
        return min(days, default=date.max), max(days, default=date.min)

    @cached_property
    def by_id(self) -> dict[UUID, Entry]:
        return {entry.env.record_id: entry for entry in self.entries}

    @property
    def version(self) -> int:
        return self.entries[-1].version if self.entries else 0

    def version_at(self, moment: datetime) -> int:
        """The last version on file before a moment; a prefix, even if a clock ever went back."""
        place = bisect_left(self._recorded, moment)
        return self.entries[place - 1].version if place else 0

    def view(self, version: int) -> View:
        if not self.amendments:
            return self.plain
        count = sum(1 for each in self.amendments if each.version <= version)
        if count not in self._views:
            left_out = {each.version for each in self.amendments[count:]}
            kept = [each for each in self.entries if each.version not in left_out]
            self._views[count] = View(effective(kept), self._counts)
        return self._views[count]

    def after(self, version: int) -> Sequence[Entry]:
        """The entries after a version, as they were recorded."""
        if not self.entries:
            return ()
        return self.entries[max(version - self.entries[0].version + 1, 0) :]
