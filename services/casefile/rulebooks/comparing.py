"""Counts what came of windows, under a policy that was supposed and under the one there was."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.obligation import Judgement, Obligation
from services.casefile.domain.cadence.policy import Obligor, Rule
from services.casefile.domain.families.obligation import (
    DutyFulfilled,
    DutyMissed,
    ObligationFulfilled,
    ObligationMissed,
    OfObligation,
)

FIRST = 50
MISSED = (ObligationMissed, DutyMissed)
MADE_GOOD = (ObligationFulfilled, DutyFulfilled)
Windows = tuple[date, date]


class Counts(msgspec.Struct):
    """`owed` is in_window + made_up + missed + open; `made_good` of the missed ones stand late."""

    owed: int = 0
    in_window: int = 0
    made_up: int = 0
    missed: int = 0
    made_good: int = 0
    open: int = 0
    waived: int = 0
    suspended: int = 0
    not_due: int = 0

    def take(self, came: "CameOf") -> None:
        self.owed += came.what in ("in_window", "made_up", "missed", "open")
        self.made_good += came.is_made_good
        setattr(self, came.what, getattr(self, came.what) + 1)


class Change(msgspec.Struct, frozen=True):
    """A window that one of the two misses and the other does not."""

    subject: UUID
    rule: str
    window: str
    newly_missed: bool


class RuleTally(msgspec.Struct):
    """One rule: what would have come of it, beside what came. None: there is no such rule."""

    rule: str
    title: str
    obligor: Obligor
    supposed: Counts | None = None
    as_it_is: Counts | None = None
    newly_missed: int = 0
    no_longer_missed: int = 0
    unchanged: int = 0


class CameOf(NamedTuple):
    """What came of one window: the name of a count."""

    rule: str
    window: str
    what: str
    is_made_good: bool


class Comparison:
    """Adds up subject by subject; remembers the counts and the first changes only."""

    def __init__(self, supposed: Iterable[Rule], there_are: Iterable[Rule]) -> None:
        self._tallies: dict[str, RuleTally] = {}
        for rule in supposed:
            self._tally(rule).supposed = Counts()
        for rule in sorted(there_are, key=lambda each: each.code):
            self._tally(rule).as_it_is = Counts()
        self.changes: list[Change] = []

    @property
    def rules(self) -> list[RuleTally]:
        """Those of the supposed policy in its order, then those it leaves out."""
        return list(self._tallies.values())

    def take(self, subject: UUID, supposed: list[CameOf], as_it_is: list[CameOf]) -> None:
        for came in supposed:
            counts = self._tallies[came.rule].supposed
            assert counts is not None
            counts.take(came)
        for came in as_it_is:
            counts = self._tallies[came.rule].as_it_is
            assert counts is not None
            counts.take(came)
        self._compare(subject, by_window(supposed), by_window(as_it_is))

    def _compare(
        self,
        subject: UUID,
        supposed: Mapping[tuple[str, str], bool],
        is_now: Mapping[tuple[str, str], bool],
    ) -> None:
        for rule, window in dict.fromkeys([*supposed, *is_now]):
            tally = self._tallies[rule]
            would, was = supposed.get((rule, window), False), is_now.get((rule, window), False)
            tally.unchanged += would is was
            tally.newly_missed += would and not was
            tally.no_longer_missed += was and not would
            if would is not was and len(self.changes) < FIRST:
                self.changes.append(Change(subject, rule, window, would))

    def _tally(self, rule: Rule) -> RuleTally:
        return self._tallies.setdefault(rule.code, RuleTally(rule.code, rule.title, rule.obligor))


def by_window(every: Iterable[CameOf]) -> dict[tuple[str, str], bool]:
    """Whether it was missed, by rule and window."""
    found: dict[tuple[str, str], bool] = {}
    for came in every:
        place = (came.rule, came.window)
        found[place] = found.get(place, False) or came.what == "missed"
    return found


def came_of(judgement: Judgement, since: date, until: date) -> Iterator[CameOf]:
    """What came of the windows that end in these days, declared or still to be declared."""
    missed = set(places(judgement, MISSED))
    made_good = set(places(judgement, MADE_GOOD))
    for one in judgement.obligations:
        if since <= one.window.ends_on <= until:
            place = (one.policy, one.version, one.rule, one.window.key)
            is_missed = one.outcome in ("missed", "late") or place in missed
            what = "missed" if is_missed else name_of(one)
            is_made_good = one.outcome == "late" or place in made_good
            yield CameOf(one.rule, one.window.key, what, is_made_good)


def name_of(one: Obligation) -> str:
    if one.outcome == "fulfilled":
        return "in_window" if one.in_window else "made_up"
    return one.outcome


def places(
    judgement: Judgement, kinds: tuple[type[OfObligation], ...]
) -> Iterator[tuple[str, int, str, str]]:
    for declaration in judgement.declarations:
        said = declaration.record
        if isinstance(said, OfObligation) and isinstance(said, kinds):
            yield said.policy, said.policy_version, said.rule, said.window
