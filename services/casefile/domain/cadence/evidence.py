"""What there is to judge one window by, at any version of the stream."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from services.casefile.domain.cadence import declared, proofs
from services.casefile.domain.cadence.answering import answerable
from services.casefile.domain.cadence.conditions import Day, place_of
from services.casefile.domain.cadence.declared import About
from services.casefile.domain.cadence.hearing import MISSED, Hearing
from services.casefile.domain.cadence.known import View
from services.casefile.domain.cadence.obligation import Answerable, Obligation, Outcome, Place
from services.casefile.domain.cadence.proofs import Count
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.cadence.shapes import ByLevelShape, Span
from services.casefile.domain.cadence.standing import Standing
from services.casefile.domain.cadence.unit_conditions import unit_then
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.entry import Entry


class Evidence:
    """Looks at one window of one ruling.

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
        self.hearing = hearing
        self.known = hearing.known
        self.ruling = ruling
        self.window = window
        self._span = span
        self._beside = beside
        self._grace_until = proofs.made_up_until(window)
        # After this day nothing can happen that counts for this window.
        self.last_day = max(proofs.made_good_until(ruling, window), self._grace_until)
        self._before = [each for each in heard if each.last_day >= window.starts_on]
        if proofs.recurs(ruling) and not isinstance(ruling.rule.shape, ByLevelShape):
            heard[:] = self._before
        heard.append(self)
        self._held: list[tuple[int, frozenset[UUID]]] = []
        self.about = About(hearing.subject, ruling, window, hearing.is_unit)
        self.missed = self.on_file(MISSED)
        self.cut = self.version_at(window.closes_at)

    @property
    def is_over(self) -> bool:
        return self.hearing.now >= self.window.closes_at or self.missed is not None

    def on_file(self, what: str) -> Entry | None:
        on_file = self.hearing.on_file
        if not on_file:
            return None
        policy, rule = self.ruling.policy, self.ruling.rule
        return on_file.get((what, policy.policy, policy.version, rule.code, self.window.key))

    def version_at(self, moment: datetime) -> int:
        """What was on file at a moment, and before the miss."""
        version = self.known.version
        if moment <= self.hearing.now or self.missed is not None:
            version = self.known.version_at(moment)
        return version if self.missed is None else min(version, self.missed.version - 1)

    def view(self, version: int) -> View:
        return self.known.view(version)

    def standing(self, version: int) -> Standing | None:
        view = self.view(version)
        return self.hearing.standings.standing(self.ruling, self._span, self.window, view, version)

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

    def tries(self, version: int) -> list[Entry]:
        return proofs.attempts(self.ruling, self.window, self.view(version), version)

    def said(self, version: int, found: Count) -> dict[str, object]:
        answering = self.answerable(version)
        return declared.common(self.ruling, self.window, answering, len(found.proofs))

    def answerable(self, version: int) -> tuple[Answerable, ...]:
        window = self.window
        if self.hearing.is_unit:
            code = self.place(version).unit
            role = self.ruling.rule.role
            return (Answerable(window.starts_on, window.ends_on, None, role, code),)
        view = self.view(version)
        return answerable(self.ruling.rule, view, version, window.starts_on, window.ends_on)

    def place(self, version: int) -> Place:
        on = Day(self.view(version), self.window.ends_on, version)
        if not self.hearing.is_unit:
            return place_of(on)
        unit = unit_then(on)
        return Place(unit=unit.code if unit else None)

    def obligation(self, outcome: Outcome, found: Count, **more: object) -> Obligation:
        ruling, view = self.ruling, self.view(self.cut)
        is_done = bool(found.proofs)
        tried = proofs.attempts(ruling, self.window, view, self.cut)
        return Obligation(
            subject=self.hearing.subject,
            policy=ruling.policy.policy,
            version=ruling.policy.version,
            rule=ruling.rule.code,
            obligor=ruling.rule.obligor,
            role=ruling.rule.role,
            window=self.window,
            outcome=outcome,
            least=ruling.rule.least,
            counted=len(found.proofs),
            proofs=tuple(entry.record_id for entry in found.proofs),
            attempts=len(tried),
            in_window=found.in_window if is_done else None,
            entered_in_time=self._entered_in_time(outcome, found) if is_done else None,
            answerable=self.answerable(self.cut),
            place=self.place(self.cut),
            due_soon_days=ruling.policy.due_soon_days,
            missed=self.missed.record_id if self.missed else None,
            **more,  # type: ignore[arg-type]
        )

    def _entered_in_time(self, outcome: Outcome, found: Count) -> bool:
        return outcome not in ("late", "missed") and found.entered_in_time
