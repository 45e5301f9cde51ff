"""What a member of staff owes by number: so many different children in each window.

Only what happened in the window counts: made up in the next one, it would count twice. What is
found out after the close changes nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from services.casefile.domain.cadence import declared, proofs
from services.casefile.domain.cadence.conditions import Day, fits
from services.casefile.domain.cadence.days import ONE
from services.casefile.domain.cadence.declared import About
from services.casefile.domain.cadence.known import Known
from services.casefile.domain.cadence.obligation import Answerable, Declaration, Why
from services.casefile.domain.cadence.rulebook import Ruling, Units
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.cadence.windows import too_short
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Facts, fold, under, value
from services.casefile.domain.families.obligation import QuotaMissed

QuotaOutcome = Literal["open", "fulfilled", "missed", "not_due"]


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """One window of one member of staff. `missed`: the record that says so, once it is on file."""

    subject: UUID
    staff: str
    role: str | None
    unit: str | None
    policy: str
    version: int
    rule: str
    window: Window
    outcome: QuotaOutcome
    wanted: int
    children: tuple[UUID, ...] = ()
    why: Why | None = None
    missed: UUID | None = None


class Held(NamedTuple):
    """On how many days of a window the post was held, and where on the last one: nowhere, None."""

    days: int
    unit: str | None


class Ledger:
    """One member of staff in one window of a ruling, as it was known at the close."""

    def __init__(
        self, subject: UUID, worker: Known, ruling: Ruling, window: Window, now: datetime
    ) -> None:
        self.about = About(subject, ruling, window, is_unit=False)
        self.ruling, self.window = ruling, window
        self.missed: Entry | None = worker.by_id.get(self.about.id_of("missed"))
        self._now = now
        self._facts = facts_at(worker, self._cut(worker))

    @property
    def staff(self) -> str:
        return str(value(self._facts, "staff.id"))

    @property
    def is_over(self) -> bool:
        return self._now >= self.window.closes_at or self.missed is not None

    def held(self, units: Units) -> Held:
        """The post the rule is for, within the policy's scope."""
        days, unit = 0, None
        for since, until, post in posts_in(self._facts, self.window):
            if post["role"] == self.ruling.rule.role and self._is_in_scope(post, until, units):
                days += (until - since).days + 1
                unit = post["unit"] if until == self.window.ends_on else None
        return Held(days, unit)

    def reached(self, children: Mapping[UUID, Known]) -> tuple[UUID, ...]:
        """The children, of these, to whom a proof was given by this member of staff."""
        return tuple(sorted(each for each, known in children.items() if self._has_reached(known)))

    def judged(self, units: Units, children: Mapping[UUID, Known]) -> Quota | None:
        """What came of it; None for those who did not hold such a post."""
        held = self.held(units)
        if held.days == 0 and self.missed is None:
            return None
        why = self._why_not(held)
        if why is not None and self.missed is None:
            return self._quota(held, "not_due", why=why)
        reached = self.reached(children)
        return self._quota(held, self._outcome(len(reached)), children=reached)

    def declaration(self, quota: Quota) -> Declaration | None:
        """The miss, if the log has yet to say so."""
        if quota.outcome != "missed" or self.missed is not None:
            return None
        record, at = self._record(quota), self.window.closes_at
        return Declaration(at, self.about.id_of("missed"), record.closed_on, record)

    def is_founded(self, quota: Quota, units: Units) -> bool:
        """Whether what is on file of it would be said again, in the same words."""
        if self.missed is None:
            return True
        is_short = len(quota.children) < quota.wanted
        is_owed = self._why_not(self.held(units)) is None
        return is_short and is_owed and self.missed.rec == self._record(quota)

    def _record(self, quota: Quota) -> QuotaMissed:
        window, rule = self.window, self.ruling.rule
        who = Answerable(window.starts_on, window.ends_on, quota.staff, rule.role, quota.unit)
        said = declared.common(self.ruling, window, [who], len(quota.children))
        closed_on = declared.last_day(window.closes_at)
        return QuotaMissed(**said | {"least": quota.wanted}, closed_on=closed_on)

    @property
    def _wanted(self) -> int:
        return self.ruling.rule.distinct_children or self.ruling.rule.least

    def _why_not(self, held: Held) -> Why | None:
        if held.unit is None:
            return "ended_early"
        return "began_late" if too_short(held.days, self.window.nominal_days) else None

    def _outcome(self, reached: int) -> QuotaOutcome:
        if self.missed is not None:
            return "missed"
        if reached >= self._wanted:
            return "fulfilled"
        return "missed" if self.is_over else "open"

    def _quota(self, held: Held, outcome: QuotaOutcome, **more: object) -> Quota:
        policy, rule = self.ruling.policy, self.ruling.rule
        return Quota(
            subject=self.about.subject,
            staff=self.staff,
            role=rule.role,
            unit=held.unit,
            policy=policy.policy,
            version=policy.version,
            rule=rule.code,
            window=self.window,
            outcome=outcome,
            wanted=self._wanted,
            missed=self.missed.record_id if self.missed else None,
            **more,  # type: ignore[arg-type]
        )

    def _has_reached(self, child: Known) -> bool:
        version, window = self._cut(child), self.window
        view = child.view(version)
        found = proofs.candidates(self.ruling, view, version, window.starts_on, window.ends_on)
        return any(
            (entry.env.performed_by or entry.env.recorded_by).staff == self.staff
            and fits(self.ruling.rule.applies, Day(view, entry.occurred_on, version))
            for entry in found
        )

    def _is_in_scope(self, post: Mapping[str, str], day: date, units: Units) -> bool:
        unit = self.ruling.policy.unit
        return unit is None or unit in units.chain(post["unit"], day)

    def _cut(self, known: Known) -> int:
        """The version of a stream at the close, and before the miss was told."""
        cut = known.version
        if self._now >= self.window.closes_at:
            cut = known.version_at(self.window.closes_at)
        if self.missed is not None:
            told = self.missed.position
            cut = min(cut, max((e.version for e in known.entries if e.position < told), default=0))
        return cut


def facts_at(known: Known, version: int) -> Facts:
    """A stream's facts by its first entries, folded once."""
    view = known.view(version)
    key = ("facts_at", version)
    if key not in view.memo:
        view.memo[key] = fold(entry for entry in view.entries if entry.version <= version)
    facts: Facts = view.memo[key]
    return facts


def posts_in(facts: Facts, window: Window) -> Iterator[tuple[date, date, Mapping[str, str]]]:
    """The posts held in a window, in order: from which of its days to which."""
    posts = sorted(under(facts, "posts").items())
    starts = [date.fromisoformat(day) for day, _ in posts]
    ends = [*(start - ONE for start in starts[1:]), window.ends_on]
    for since, until, (_, post) in zip(starts, ends, posts, strict=True):
        first, last = max(since, window.starts_on), min(until, window.ends_on)
        if first <= last and post.value["role"] is not None:
            yield first, last, post.value
