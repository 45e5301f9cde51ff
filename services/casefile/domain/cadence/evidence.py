"""Which records count for a window, at any version of the stream."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from services.casefile.domain.cadence import proofs
from services.casefile.domain.cadence.hearing import Hearing
from services.casefile.domain.cadence.looking import Looking
from services.casefile.domain.cadence.proofs import Count
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.cadence.shapes import ByLevelShape, Span
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.entry import Entry


class Evidence(Looking):
    """What counts for one window, and for no other one of its rule.

    `heard`: the windows of the rule that came before it. What counts for one of them does not count
    for this one. `beside`: all windows of the ruling, if they do not follow each other.
    """

    def __init__(
        self,
        hearing: Hearing,
        ruling: Ruling,
        window: Window,
        span: Span | None,
        heard: list["Evidence"],
        beside: Sequence[Window] = (),
    ) -> None:
        super().__init__(hearing, ruling, window, span)
        self._beside = beside
        self._grace_until = proofs.made_up_until(window)
        # After this day nothing can happen that counts for this window.
        self.last_day = max(proofs.made_good_until(ruling, window), self._grace_until)
        self._before = [each for each in heard if each.last_day >= window.starts_on]
        if proofs.recurs(ruling) and not isinstance(ruling.rule.shape, ByLevelShape):
            heard[:] = self._before
        heard.append(self)
        self._held: list[tuple[int, frozenset[UUID]]] = []
        self._held_open: dict[tuple[int, datetime], Collection[UUID]] = {}

    @cached_property
    def at_close(self) -> Count:
        """What counts at the close, or now while the window is open."""
        return self.count(self.cut, self.window.closes_at if self.is_over else self.hearing.now)

    def is_same(self, found: Count, version: int) -> bool:
        """Whether what was found at the close is plainly what an earlier version had."""
        if version == self.cut:
            return True
        is_plain = found.is_enough and not self._before and not self.known.amendments
        return is_plain and all(entry.version <= version for entry in found.proofs)

    def count(self, version: int, at: datetime) -> Count:
        """What counts for the window at a moment before its close."""
        found = self._until(version, self._grace_until)
        if self.window.due_at is not None:
            found = [entry for entry in found if proofs.is_made_up(self.window, entry)]
        return self._count(found, version, at)

    def count_after(self, version: int, at: datetime, had: Count, *, is_missed: bool) -> Count:
        """The same after it: nothing is made up any more, but what counted goes on counting.

        A miss is made good by what lies in the window, or in no other one.
        """
        kept = self._own(had)
        found = [
            entry
            for entry in self._until(version, self.last_day)
            if entry.record_id in kept
            or entry.occurred_on <= self.window.ends_on
            or (is_missed and self._lies_in_no_other(entry.occurred_on))
        ]
        return self._count(found, version, at, kept)

    def hold(self, version: int, found: Count) -> None:
        """From this version on these records count for this window."""
        self._held.append((version, frozenset(self._own(found))))

    def held(self, version: int, at: datetime) -> Collection[UUID]:
        """The records that count for this window and for no later one."""
        if version > self.cut or at >= self.window.closes_at:
            place = bisect_right(self._held, version, key=lambda each: each[0])
            return self._held[place - 1][1] if place else ()
        key = (version, at)
        if key not in self._held_open:
            self._held_open[key] = self._while_open(version, at)
        return self._held_open[key]

    def _while_open(self, version: int, at: datetime) -> Collection[UUID]:
        standing = self.standing(version)
        if standing is None or standing.why is not None:
            return ()
        return self._own(self.count(version, at))

    def _own(self, found: Count) -> Collection[UUID]:
        """What does not suffice keeps nothing from the next window."""
        return [
            entry.record_id
            for entry in found.proofs
            if found.is_enough or entry.occurred_on <= self.window.ends_on
        ]

    def _until(self, version: int, last: date) -> Sequence[Entry]:
        return proofs.candidates(
            self.ruling, self.view(version), version, self.window.starts_on, last
        )

    def _count(
        self, found: Sequence[Entry], version: int, at: datetime, kept: Collection[UUID] = ()
    ) -> Count:
        if found and self._before:
            others = {each for one in self._before for each in one.held(version, at)}
            found = [entry for entry in found if entry.record_id not in others]
        return proofs.count(self.ruling, self.window, found, kept)

    def _lies_in_no_other(self, day: date) -> bool:
        return not proofs.recurs(self.ruling) and not any(
            each.starts_on <= day <= proofs.made_up_until(each)
            for each in self._beside
            if each.key != self.window.key
        )

    def entries_of_interest(self, after: int) -> Iterator[Entry]:
        until = self.last_day
        for entry in self.known.after(after):
            if entry.kind.amends or (
                proofs.is_candidate(self.ruling, entry)
                and self.window.starts_on <= entry.occurred_on <= until
            ):
                yield entry

    def efforts(self) -> Iterator[Entry]:
        """The entries up to the close that may have brought the last attempt too many."""
        enough = self.ruling.rule.attempts_before_escalation
        if len(proofs.of_rule(self.ruling, self.known.plain).tries) < enough:
            return
        for entry in self.known.entries:
            if entry.version > self.cut:
                return
            if entry.kind.amends or proofs.is_candidate(self.ruling, entry):
                yield entry
