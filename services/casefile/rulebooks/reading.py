"""The rulebook as the log has it, now or at an earlier position."""

import time
from collections import OrderedDict
from operator import attrgetter
from threading import Lock

from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.rulebook import DayClosed
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.rulebooks.units import UnitTree

SECONDS = 2.0
UNITS_SECONDS = 60.0
EARLIER_ONES = 16


class Rulebooks:
    """Reads the rulebook's stream; what it saw it believes for two seconds, of units a minute."""

    def __init__(self, recorder: CasefileRecorder, mapper: CasefileMapper) -> None:
        self.units = UnitTree(recorder, mapper)
        self._recorder = recorder
        self._mapper = mapper
        self._entries: list[Entry] = []
        self._known = Rulebook.of((), self.units)
        self._seen_at = self._units_at = float("-inf")
        self._earlier: OrderedDict[int, Rulebook] = OrderedDict()
        self._lock = Lock()

    def current(self) -> Rulebook:
        """The rulebook as it was within the last two seconds; the same object while it lasts."""
        if time.monotonic() - self._seen_at < SECONDS:
            return self._known
        return self.fresh()

    def fresh(self) -> Rulebook:
        """The rulebook as the log has it now."""
        with self._lock:
            self._refresh()
            return self._known

    def last_closing(self) -> Entry | None:
        """The record of the last day that was closed."""
        with self._lock:
            self._refresh()
            closings = (each for each in self._entries if isinstance(each.rec, DayClosed))
            return max(closings, key=attrgetter("occurred_on", "position"), default=None)

    def at(self, position: int) -> Rulebook:
        """The rulebook as the log had it at a position."""
        with self._lock:
            self._refresh()
            entries = [entry for entry in self._entries if entry.position <= position]
            if len(entries) == len(self._entries):
                return self._known
            return self._as_of(entries)

    def _refresh(self) -> None:
        now = time.monotonic()
        if now - self._units_at >= UNITS_SECONDS:
            self.units.forget()
            self._units_at = now
        after = self._entries[-1].version if self._entries else 0
        rows = self._recorder.stream(RULEBOOK, after=after)
        if rows:
            self._entries = [*self._entries, *self._mapper.entries(RULEBOOK, rows)]
            self._known = Rulebook.of(self._entries, self.units)
        self._seen_at = now

    def _as_of(self, entries: list[Entry]) -> Rulebook:
        version = entries[-1].version if entries else 0
        known = self._earlier.get(version)
        if known is None:
            known = self._earlier[version] = Rulebook.of(entries, self.units)
        self._earlier.move_to_end(version)
        while len(self._earlier) > EARLIER_ONES:
            self._earlier.popitem(last=False)
        return known
