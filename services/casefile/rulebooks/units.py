"""Which unit belongs to which, on any day: folded from the units' own streams, and remembered."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from threading import Lock
from typing import NamedTuple, Protocol
from uuid import UUID

from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import fold, under
from services.casefile.domain.stream_ids import unit_stream
from services.casefile.log.commit import Row
from services.casefile.log.mapper import CasefileMapper

AT_ONCE = 1000
REMEMBERED = 200_000
DEEPEST = 20


class Parents(NamedTuple):
    """Above which unit this one stood, by the day since when; both in order."""

    since: list[str]
    units: list[str]

    def on(self, day: date) -> str | None:
        """The parent on a day; before the first that is known, the first."""
        if not self.units:
            return None
        return self.units[max(bisect_right(self.since, day.isoformat()) - 1, 0)]


class Log(Protocol):
    """Where the units' streams are read: the log, or the log up to a cut."""

    def streams(self, stream_ids: Iterable[UUID]) -> dict[UUID, list[Row]]: ...


class UnitTree:
    """Answers from memory; reads a unit's stream when it is asked for the first time."""

    def __init__(self, log: Log, mapper: CasefileMapper) -> None:
        self._log = log
        self._mapper = mapper
        self._parents: dict[str, Parents] = {}
        self._chains: dict[tuple[str, date], tuple[str, ...]] = {}
        self._forgotten: set[str] = set()
        self._lock = Lock()

    def chain(self, code: str, day: date) -> Sequence[str]:
        """The unit and all above it on that day; of a unit nobody knows, itself alone."""
        # Held on to: what is found while somebody calls forget() must not outlive that.
        chains = self._chains
        chain = chains.get((code, day))
        if chain is None:
            chain = self._climb(code, day)
            if len(chains) >= REMEMBERED:
                chains.clear()
            chains[code, day] = chain
        return chain

    def load(self, codes: Iterable[str]) -> None:
        """Read many units and all above them, a level at a time."""
        with self._lock:
            self._load(set(codes) | self._forgotten)
            self._forgotten.clear()

    def forget(self) -> None:
        """Units have changed: what was known is read again, in one go, when next it is needed."""
        with self._lock:
            self._forgotten |= set(self._parents)
            self._parents, self._chains = {}, {}

    def _climb(self, code: str, day: date) -> tuple[str, ...]:
        chain: dict[str, None] = {}
        at: str | None = code
        while at is not None and at not in chain and len(chain) < DEEPEST:
            chain[at] = None
            at = self._known(at).on(day)
        return tuple(chain)

    def _known(self, code: str) -> Parents:
        parents = self._parents.get(code)
        if parents is None:
            self.load([code])
            parents = self._parents.get(code) or Parents([], [])
        return parents

    def _load(self, codes: set[str]) -> None:
        wanted = codes - self._parents.keys()
        while wanted:
            above: set[str] = set()
            for some in chunks(sorted(wanted), AT_ONCE):
                found = self._log.streams(map(unit_stream, some))
                for code in some:
                    parents = self._read(unit_stream(code), found.get(unit_stream(code), []))
                    self._parents[code] = parents
                    above |= set(parents.units)
            wanted = above - self._parents.keys()

    def _read(self, stream_id: UUID, rows: Sequence[Row]) -> Parents:
        return parents_of(self._mapper.entries(stream_id, rows))


def parents_of(entries: Sequence[Entry]) -> Parents:
    stated = under(fold(effective(entries)), "unit_parents")
    days = sorted(stated)
    return Parents(days, [stated[day].value for day in days])


def chunks(codes: Sequence[str], size: int) -> Iterable[list[str]]:
    left = iter(codes)
    while some := list(islice(left, size)):
        yield some
