"""One window on trial: what came of it, told in the order in which the stream was written.

What is on file wins: a miss that was declared stays, whatever is found out later.
"""

from datetime import date
from uuid import UUID

from services.casefile.domain.cadence import declared
from services.casefile.domain.cadence.evidence import Evidence
from services.casefile.domain.cadence.hearing import ESCALATED, OVERDUE
from services.casefile.domain.cadence.obligation import Declaration, Obligation, Outcome
from services.casefile.domain.cadence.proofs import Count
from services.casefile.domain.cadence.standing import Standing
from services.casefile.domain.entry import Entry


class Trial:
    """Judges one window of one ruling."""

    def __init__(self, evidence: Evidence) -> None:
        self._seen = evidence
        self.declarations: list[Declaration] = []

    def done_on(self) -> date:
        """The day on which the last proof was given; the window's last day when it lacks one.

        As it was known at the close, so that the next window never moves.
        """
        found = self._seen.count(self._seen.cut)
        if not found.is_enough:
            return self._seen.window.ends_on
        return max(entry.occurred_on for entry in found.proofs)

    def verdict(self) -> Obligation | None:
        """What came of the window; None when nothing was ever asked for in it."""
        seen = self._seen
        standing, found = seen.standing(seen.cut), seen.count(seen.cut)
        if seen.missed is not None:
            return self._owed(found, standing or Standing())
        if standing is None:
            return None
        if standing.why is not None:
            return seen.obligation("not_due", found, why=standing.why)
        if not found.is_enough and not standing.is_owed:
            return self._relieved(found, standing)
        return self._owed(found, standing)

    def _relieved(self, found: Count, standing: Standing) -> Obligation:
        outcome: Outcome = "suspended" if standing.is_suspended else "waived"
        return self._seen.obligation(outcome, found, waiver=standing.waiver)

    def _owed(self, found: Count, standing: Standing) -> Obligation:
        """Nothing but a proof can keep it from being missed."""
        overdue = self._overdue(found)
        self._escalation()
        if self._seen.is_over:
            return self._followed_up(found, standing, overdue)
        outcome: Outcome = "fulfilled" if found.is_enough else "open"
        return self._seen.obligation(outcome, found, overdue=overdue)

    def _followed_up(self, found: Count, standing: Standing, overdue: UUID | None) -> Obligation:
        """From the close on: what later entries took away or brought."""
        seen, made_good = self._seen, None
        is_missed = not found.is_enough
        if is_missed:
            self._miss(None)
        for entry in seen.entries_of_interest(seen.cut):
            is_missed = is_missed or (
                seen.missed is not None and entry.version > seen.missed.version
            )
            found = seen.count(entry.version, is_missed=is_missed)
            if is_missed:
                made_good = self._make_good(found, entry) if found.is_enough else None
            elif not found.is_enough and standing.is_owed:
                is_missed = True
                self._miss(entry)
        if is_missed or seen.missed is not None:
            return self._after_miss(found, overdue, made_good)
        if not found.is_enough:
            return self._relieved(found, standing)
        return seen.obligation("fulfilled", found, overdue=overdue)

    def _after_miss(self, found: Count, overdue: UUID | None, made_good: UUID | None) -> Obligation:
        """Missed or late only once the log says so."""
        if self._seen.missed is None:
            return self._seen.obligation("open", found, overdue=overdue)
        self._seen.take(found)
        if made_good is not None and made_good in self._seen.known.by_id:
            return self._seen.obligation("late", found, overdue=overdue, made_good=made_good)
        return self._seen.obligation("missed", found, overdue=overdue)

    def _miss(self, reopened: Entry | None) -> None:
        """Declare the miss unless it is on file."""
        seen = self._seen
        if seen.missed is None:
            version = reopened.version if reopened else seen.cut
            tried = len(seen.tries(version))
            self._declare(
                declared.missed(seen.about, seen.said(version), attempts=tried, reopened=reopened)
            )

    def _make_good(self, found: Count, entry: Entry) -> UUID:
        seen = self._seen
        record_id = declared.made_good_id(seen.about, found)
        if record_id not in seen.known.by_id:
            said = seen.said(seen.cut) | {"counted": len(found.proofs)}
            self._declare(declared.fulfilled(seen.about, said, found, entry.recorded_at))
        return record_id

    def _overdue(self, found: Count) -> UUID | None:
        """The declaration that it is overdue, which is made once its time has come."""
        seen, at = self._seen, self._seen.window.overdue_from
        if seen.about.is_unit or at >= seen.window.closes_at:
            return None
        on_file = seen.on_file(OVERDUE)
        if on_file is not None:
            return on_file.record_id
        version = seen.version_at(at)
        if seen.hearing.now >= at and self._was_lacking(found, version):
            self._declare(declared.overdue(seen.about, seen.said(version)))
        return None

    def _was_lacking(self, found: Count, version: int) -> bool:
        """Whether it had not been done by an earlier version, although it was owed."""
        is_plain = found.is_enough and not self._seen.known.amendments
        if is_plain and all(entry.version <= version for entry in found.proofs):
            return False
        standing = self._seen.standing(version)
        if standing is None or not standing.is_owed:
            return False
        return not self._seen.count(version).is_enough

    def _escalation(self) -> None:
        """Tried so many times in vain: somebody else has to look at it."""
        seen, rule = self._seen, self._seen.ruling.rule
        if seen.about.is_unit or rule.obligor != "staff":
            return
        tried = seen.tries(seen.cut)[: rule.attempts_before_escalation]
        if len(tried) < rule.attempts_before_escalation or seen.on_file(ESCALATED) is not None:
            return
        version = tried[-1].version
        if not seen.count(version).is_enough:
            self._declare(declared.escalated(seen.about, seen.said(version), tried))

    def _declare(self, declaration: Declaration) -> None:
        self.declarations.append(declaration)
