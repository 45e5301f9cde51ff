"""One window on trial: what came of it, told in the order in which the stream was written.

What is on file wins: a miss that was declared stays, whatever is found out later.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.casefile.domain.cadence import declared, proofs
from services.casefile.domain.cadence.answering import answerable
from services.casefile.domain.cadence.conditions import Day, place_of
from services.casefile.domain.cadence.known import Known, View
from services.casefile.domain.cadence.obligation import (
    Answerable,
    Declaration,
    Obligation,
    Outcome,
    Place,
)
from services.casefile.domain.cadence.proofs import Count, Taken
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.cadence.shapes import Span
from services.casefile.domain.cadence.standing import Standing, Standings
from services.casefile.domain.cadence.unit_conditions import unit_then
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.obligation import (
    DutyMissed,
    ObligationEscalated,
    ObligationMissed,
    ObligationOverdue,
    OfObligation,
)
from services.casefile.domain.record import Record

MISSED, OVERDUE, ESCALATED = "missed", "overdue", "escalated"
WHAT: dict[type[Record], str] = {
    ObligationMissed: MISSED,
    DutyMissed: MISSED,
    ObligationOverdue: OVERDUE,
    ObligationEscalated: ESCALATED,
}


class Hearing:
    """What all windows of a subject are judged with."""

    def __init__(
        self,
        subject: UUID,
        stream: Literal["case", "unit"],
        known: Known,
        standings: Standings,
        now: datetime,
    ) -> None:
        self.subject = subject
        self.is_unit = stream == "unit"
        self.known = known
        self.standings = standings
        self.now = now
        self.on_file = dict(declarations_in(known.entries))


def declarations_in(entries: Sequence[Entry]) -> Iterator[tuple[tuple[object, ...], Entry]]:
    """What has been declared, by what it says of which window."""
    for entry in entries:
        what = WHAT.get(entry.kind.type)
        if what is not None:
            said = entry.rec
            assert isinstance(said, OfObligation)
            yield (what, said.policy, said.policy_version, said.rule, said.window), entry


class Trial:
    """Judges one window of one ruling."""

    def __init__(
        self, hearing: Hearing, ruling: Ruling, window: Window, span: Span | None, taken: Taken
    ) -> None:
        self._hearing = hearing
        self._known = hearing.known
        self._ruling = ruling
        self._window = window
        self._span = span
        self._taken = taken
        self._missed = self._on_file(MISSED)
        self._cut = self._version_at(window.closes_at)
        self.declarations: list[Declaration] = []

    def done_on(self) -> date:
        """The day on which the last proof was given; the window's last day when it lacks one.

        As it was known at the close, so that the next window never moves.
        """
        found = self._count(self._cut)
        if not found.is_enough:
            return self._window.ends_on
        return max(entry.occurred_on for entry in found.proofs)

    def verdict(self) -> Obligation | None:
        """What came of the window; None when nothing was ever asked for in it."""
        standing = self._standing(self._cut)
        if standing is None and self._missed is None:
            return None
        standing = standing or Standing()
        if standing.why is not None and self._missed is None:
            return self._obligation("not_due", self._count(self._cut), why=standing.why)
        found = self._count(self._cut)
        if not found.is_enough and not standing.is_owed and self._missed is None:
            outcome: Outcome = "suspended" if standing.is_suspended else "waived"
            return self._obligation(outcome, found, waiver=standing.waiver)
        return self._owed(found, standing)

    def _owed(self, found: Count, standing: Standing) -> Obligation:
        """Nothing but a proof can keep it from being missed."""
        is_closed = self._hearing.now >= self._window.closes_at
        overdue = self._overdue(found)
        self._escalation()
        if found.is_enough and not self._news():
            self._take(found)
            return self._obligation("fulfilled", found, overdue=overdue)
        if not is_closed and self._missed is None:
            return self._obligation(
                "fulfilled" if found.is_enough else "open", found, overdue=overdue
            )
        return self._followed_up(found, standing, overdue)

    def _followed_up(self, found: Count, standing: Standing, overdue: UUID | None) -> Obligation:
        """From the close on: what later entries took away or brought."""
        is_missed, made_good = False, None
        if not found.is_enough:
            is_missed = self._miss(None)
        for entry in self._news():
            if self._missed is not None and entry.version > self._missed.version:
                is_missed = True
            later = self._count(entry.version, is_missed=is_missed)
            if not is_missed and not later.is_enough and standing.is_owed:
                is_missed = self._miss(entry)
            elif is_missed:
                made_good = self._make_good(later, entry) if later.is_enough else None
            found = later
        if self._missed is None and not is_missed:
            self._take(found)
            return self._obligation("fulfilled", found, overdue=overdue)
        return self._after_miss(found, overdue, made_good)

    def _after_miss(self, found: Count, overdue: UUID | None, made_good: UUID | None) -> Obligation:
        if self._missed is None:
            return self._obligation("open", found, overdue=overdue)
        self._take(found)
        if made_good is not None and made_good in self._known.by_id:
            return self._obligation("late", found, overdue=overdue, made_good=made_good)
        return self._obligation("missed", found, overdue=overdue)

    def _news(self) -> list[Entry]:
        """Entries after the close that may change what is known of the window."""
        return list(self._entries_of_interest(self._cut)) if self._is_over() else []

    def _is_over(self) -> bool:
        return self._hearing.now >= self._window.closes_at or self._missed is not None

    def _entries_of_interest(self, after: int) -> Iterator[Entry]:
        until = proofs.made_good_until(self._ruling, self._window)
        until = max(until, proofs.made_up_until(self._window))
        for entry in self._known.after(after):
            if entry.kind.amends or (
                proofs.is_candidate(self._ruling, entry)
                and self._window.starts_on <= entry.occurred_on <= until
            ):
                yield entry

    def _miss(self, reopened: Entry | None) -> bool:
        """Declare the miss unless it is on file."""
        if self._missed is None:
            hearing = self._hearing
            version = reopened.version if reopened else self._cut
            tried = proofs.attempts(self._ruling, self._window, self._view(version), version)
            self.declarations.append(
                declared.missed(
                    hearing.subject,
                    self._ruling,
                    self._window,
                    self._said(version),
                    attempts=len(tried),
                    reopened=reopened,
                    of_unit=hearing.is_unit,
                )
            )
        return True

    def _make_good(self, found: Count, entry: Entry) -> UUID:
        hearing = self._hearing
        record_id = declared.made_good_id(hearing.subject, self._ruling, self._window, found)
        if record_id not in self._known.by_id:
            said = self._said(self._cut) | {"counted": len(found.proofs)}
            self.declarations.append(
                declared.fulfilled(
                    hearing.subject,
                    self._ruling,
                    self._window,
                    said,
                    found,
                    entry.recorded_at,
                    of_unit=hearing.is_unit,
                )
            )
        return record_id

    def _overdue(self, found: Count) -> UUID | None:
        """The declaration that it is overdue, which is made once its time has come."""
        at = self._window.overdue_from
        if self._hearing.is_unit or at >= self._window.closes_at:
            return None
        on_file = self._on_file(OVERDUE)
        if on_file is not None:
            return on_file.record_id
        if self._hearing.now >= at and self._was_lacking(found, version := self._version_at(at)):
            said = self._said(version)
            self.declarations.append(
                declared.overdue(self._hearing.subject, self._ruling, self._window, said)
            )
        return None

    def _was_lacking(self, found: Count, version: int) -> bool:
        """Whether it had not been done by an earlier version, although it was owed."""
        is_plain = found.is_enough and not self._known.amendments
        if is_plain and all(entry.version <= version for entry in found.proofs):
            return False
        standing = self._standing(version)
        if standing is None or not standing.is_owed:
            return False
        return not self._count(version).is_enough

    def _escalation(self) -> None:
        """Tried so many times in vain: somebody else has to look at it."""
        if self._hearing.is_unit or self._ruling.rule.obligor != "staff":
            return
        tried = proofs.attempts(self._ruling, self._window, self._view(self._cut), self._cut)
        tried = tried[: self._ruling.rule.attempts_before_escalation]
        if len(tried) < self._ruling.rule.attempts_before_escalation:
            return
        version = tried[-1].version
        if self._on_file(ESCALATED) is None and not self._count(version).is_enough:
            said = self._said(version)
            self.declarations.append(
                declared.escalated(self._hearing.subject, self._ruling, self._window, said, tried)
            )

    def _count(self, version: int, *, is_missed: bool = False) -> Count:
        window, ruling = self._window, self._ruling
        until = (
            proofs.made_good_until(ruling, window) if is_missed else proofs.made_up_until(window)
        )
        return proofs.count(ruling, window, self._view(version), version, until, self._taken)

    def _take(self, found: Count) -> None:
        for entry in found.proofs:
            self._taken[entry.record_id] = self._window.key

    def _standing(self, version: int) -> Standing | None:
        view = self._view(version)
        return self._hearing.standings.standing(
            self._ruling, self._span, self._window, view, version
        )

    def _said(self, version: int) -> dict[str, object]:
        answering = self._answerable(version)
        counted = len(self._count(version).proofs)
        return declared.common(self._ruling, self._window, answering, counted)

    def _answerable(self, version: int) -> tuple[Answerable, ...]:
        window = self._window
        if self._hearing.is_unit:
            code = self._place(version).unit
            role = self._ruling.rule.role
            return (Answerable(window.starts_on, window.ends_on, None, role, code),)
        view = self._view(version)
        return answerable(self._ruling.rule, view, version, window.starts_on, window.ends_on)

    def _place(self, version: int) -> Place:
        on = Day(self._view(version), self._window.ends_on, version)
        if not self._hearing.is_unit:
            return place_of(on)
        unit = unit_then(on)
        return Place(unit=unit.code if unit else None)

    def _obligation(self, outcome: Outcome, found: Count, **more: object) -> Obligation:
        ruling, view = self._ruling, self._view(self._cut)
        is_done = bool(found.proofs)
        tried = proofs.attempts(ruling, self._window, view, self._cut)
        if outcome == "fulfilled":
            self._take(found)
        return Obligation(
            subject=self._hearing.subject,
            policy=ruling.policy.policy,
            version=ruling.policy.version,
            rule=ruling.rule.code,
            obligor=ruling.rule.obligor,
            role=ruling.rule.role,
            window=self._window,
            outcome=outcome,
            least=ruling.rule.least,
            counted=len(found.proofs),
            proofs=tuple(entry.record_id for entry in found.proofs),
            attempts=len(tried),
            in_window=found.in_window if is_done else None,
            entered_in_time=self._entered_in_time(outcome, found) if is_done else None,
            answerable=self._answerable(self._cut),
            place=self._place(self._cut),
            due_soon_days=ruling.policy.due_soon_days,
            missed=self._missed.record_id if self._missed else None,
            **more,  # type: ignore[arg-type]
        )

    def _entered_in_time(self, outcome: Outcome, found: Count) -> bool:
        return outcome not in ("late", "missed") and found.entered_in_time

    def _view(self, version: int) -> View:
        return self._known.view(version)

    def _version_at(self, moment: datetime) -> int:
        """What was on file at a moment, and before the miss."""
        version = self._known.version
        if moment <= self._hearing.now:
            version = self._known.version_at(moment)
        return version if self._missed is None else min(version, self._missed.version - 1)

    def _on_file(self, what: str) -> Entry | None:
        on_file = self._hearing.on_file
        if not on_file:
            return None
        policy, rule = self._ruling.policy, self._ruling.rule
        return on_file.get((what, policy.policy, policy.version, rule.code, self._window.key))
