"""One window on trial: what came of it, told in the order in which the stream was written.

What is on file wins: a miss that was declared stays, whatever is found out later.
"""

from datetime import date, datetime
from uuid import UUID

from services.casefile.domain.cadence import declared
from services.casefile.domain.cadence.evidence import Evidence
from services.casefile.domain.cadence.hearing import ESCALATED, OVERDUE
from services.casefile.domain.cadence.obligation import Declaration, Obligation, Outcome, Why
from services.casefile.domain.cadence.proofs import Count
from services.casefile.domain.cadence.standing import Standing
from services.casefile.domain.entry import Entry

NOTHING = Count((), 1, in_window=False, entered_in_time=False)


class Trial:
    """Judges one window of one ruling."""

    def __init__(self, evidence: Evidence) -> None:
        self._seen = evidence
        self.declarations: list[Declaration] = []

    def done_on(self) -> date:
        """The day on which the last proof was given; the window's last day when it lacks one.

        As it was known at the close, so that the next window never moves.
        """
        found = self._seen.at_close
        if not found.is_enough:
            return self._seen.window.ends_on
        return max(entry.occurred_on for entry in found.proofs)

    def verdict(self) -> Obligation | None:
        """What came of the window; None when nothing was ever asked for in it."""
        seen = self._seen
        standing, found = seen.standing(seen.cut), seen.at_close
        overdue = self._overdue(found)
        self._escalation()
        if seen.missed is not None:
            return self._followed_up(found, standing or Standing(), overdue)
        if standing is None:
            was_said = overdue is not None or self.declarations
            return self._not_due("ended_early", overdue) if was_said else None
        if standing.why is not None:
            return self._not_due(standing.why, overdue)
        if not found.is_enough and not standing.is_owed:
            return self._relieved(found, standing, overdue)
        if seen.is_over:
            return self._followed_up(found, standing, overdue)
        outcome: Outcome = "fulfilled" if found.is_enough else "open"
        return seen.obligation(outcome, found, overdue=overdue)

    def _not_due(self, why: Why, overdue: UUID | None) -> Obligation:
        self._seen.hold(self._seen.cut, NOTHING)
        return self._seen.obligation("not_due", self._seen.at_close, why=why, overdue=overdue)

    def _relieved(self, found: Count, standing: Standing, overdue: UUID | None) -> Obligation:
        outcome: Outcome = "suspended" if standing.is_suspended else "waived"
        return self._seen.obligation(outcome, found, waiver=standing.waiver, overdue=overdue)

    def _followed_up(self, found: Count, standing: Standing, overdue: UUID | None) -> Obligation:
        """From the close on: what later entries took away or brought."""
        seen, made_good = self._seen, None
        is_missed = not found.is_enough
        if is_missed:
            self._miss(None, found)
            closed = seen.window.closes_at
            found = seen.count_after(seen.cut, closed, found, is_missed=True)
            made_good = self._make_good(found, closed)
        seen.hold(seen.cut, found)
        for entry in seen.entries_of_interest(seen.cut):
            is_missed = is_missed or self._is_after_miss(entry)
            found = self._count_after(entry, found, is_missed=is_missed)
            if not is_missed and not found.is_enough and standing.is_owed:
                is_missed = True
                self._miss(entry, found)
                found = self._count_after(entry, found, is_missed=True)
            made_good = self._make_good(found, entry.recorded_at) if is_missed else None
            seen.hold(entry.version, found)
        if is_missed or seen.missed is not None:
            return self._after_miss(found, overdue, made_good)
        if not found.is_enough:
            return self._relieved(found, standing, overdue)
        return seen.obligation("fulfilled", found, overdue=overdue)

    def _count_after(self, entry: Entry, had: Count, *, is_missed: bool) -> Count:
        return self._seen.count_after(entry.version, entry.recorded_at, had, is_missed=is_missed)

    def _is_after_miss(self, entry: Entry) -> bool:
        return self._seen.missed is not None and entry.version > self._seen.missed.version

    def _after_miss(self, found: Count, overdue: UUID | None, made_good: UUID | None) -> Obligation:
        """Missed or late only once the log says so."""
        if self._seen.missed is None:
            return self._seen.obligation("open", found, overdue=overdue)
        if made_good is not None and made_good in self._seen.known.by_id:
            return self._seen.obligation("late", found, overdue=overdue, made_good=made_good)
        return self._seen.obligation("missed", found, overdue=overdue)

    def _miss(self, reopened: Entry | None, found: Count) -> None:
        """Declare the miss unless it is on file."""
        seen = self._seen
        if seen.missed is None:
            version = reopened.version if reopened else seen.cut
            tried, said = len(seen.tries(version)), seen.said(version, found)
            self._declare(declared.missed(seen.about, said, attempts=tried, reopened=reopened))

    def _make_good(self, found: Count, at: datetime) -> UUID | None:
        """Declare that it was made good, if it was, unless that is on file."""
        seen = self._seen
        if not found.is_enough:
            return None
        record_id = declared.made_good_id(seen.about, found)
        if record_id not in seen.known.by_id:
            said, since = seen.said(seen.cut, found), max(at, seen.window.closes_at)
            self._declare(declared.fulfilled(seen.about, said, found, since))
        return record_id

    def _overdue(self, found: Count) -> UUID | None:
        """The declaration that it is overdue, which is made once its time has come."""
        seen, at = self._seen, self._seen.window.overdue_from
        if seen.about.is_unit or at >= seen.window.closes_at:
            return None
        on_file = seen.on_file(OVERDUE)
        if on_file is not None:
            return on_file.record_id
        if seen.hearing.now >= at:
            version = seen.version_at(at)
            by_then = found if seen.is_same(found, version) else seen.count(version, at)
            if not by_then.is_enough and self._was_owed(version):
                self._declare(declared.overdue(seen.about, seen.said(version, by_then)))
        return None

    def _was_owed(self, version: int) -> bool:
        standing = self._seen.standing(version)
        return standing is not None and standing.is_owed

    def _escalation(self) -> None:
        """Tried so many times in vain: somebody else has to look at it."""
        seen, rule = self._seen, self._seen.ruling.rule
        settled = seen.window.settled_from
        if seen.about.is_unit or rule.obligor != "staff" or seen.on_file(ESCALATED) is not None:
            return
        if settled is not None and seen.hearing.now < settled:
            return
        for entry in seen.efforts():
            at = entry.recorded_at
            tried = seen.tries(entry.version)[: rule.attempts_before_escalation]
            if len(tried) < rule.attempts_before_escalation or not self._was_owed(entry.version):
                continue
            found = seen.count(entry.version, at)
            if not found.is_enough:
                said, since = seen.said(entry.version, found), max(at, settled or at)
                self._declare(declared.escalated(seen.about, said, tried, since))
                return

    def _declare(self, declaration: Declaration) -> None:
        """Once, however many later entries lead to the same."""
        if all(each.record_id != declaration.record_id for each in self.declarations):
            self.declarations.append(declaration)
