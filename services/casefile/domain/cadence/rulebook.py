"""All rules there are, folded from the rulebook's own stream: which hold for whom, and since when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from services.casefile.domain.cadence.calendar import Calendar, Notice, TermsLoaded
from services.casefile.domain.cadence.days import ONE, day_in_china
from services.casefile.domain.cadence.policy import Policy, Rule
from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.rulebook import (
    DayClosed,
    HolidayNoticeLoaded,
    PolicyAdopted,
    PolicyWithdrawn,
    TermCalendarAdopted,
)


class Units(Protocol):
    """Where units belong."""

    def chain(self, code: str, day: date) -> Sequence[str]:
        """The unit and all above it on that day, the nearest first."""


class Ruling(NamedTuple):
    """A rule as one version of a policy has it.

    Windows that begin from `since` until the day before `until` are judged by it. `begins`: no
    version before had this rule, so the window that runs on `since` counts from that day on.
    `ended_on`: the last day of a policy that was withdrawn. `known_on`: the day it was adopted;
    a window that was over by then is never judged.
    """

    policy: Policy
    rule: Rule
    since: date
    until: date | None
    begins: bool
    ended_on: date | None
    known_on: date

    @property
    def entry_deadline_days(self) -> int:
        own = self.rule.entry_deadline_days
        return self.policy.entry_deadline_days if own is None else own


class Rulebook:
    """What the rulebook's stream says up to a position."""

    def __init__(
        self,
        rulings: Sequence[Ruling],
        calendars: Mapping[str, Calendar],
        units: Units,
        *,
        position: int = 0,
        closed_until: date | None = None,
    ) -> None:
        self.rulings = tuple(rulings)
        self.calendars = calendars
        self.units = units
        self.position = position
        self.closed_until = closed_until
        # Filled as windows are asked for: the same for all children.
        self.schedules: dict[int, tuple[date, list[Any]]] = {}

    @classmethod
    def of(cls, entries: Sequence[Entry], units: Units) -> "Rulebook":
        """The rulebook from the entries of its stream."""
        current = [e for e in effective(entries) if not e.is_annulled]
        # Closing a day changes no rule, and must not make anything be judged anew.
        rules = [e for e in entries if not isinstance(e.rec, DayClosed)]
        closed = [e.occurred_on for e in current if isinstance(e.rec, DayClosed)]
        return cls(
            list(rulings_of(current)),
            calendars_of(current),
            units,
            position=rules[-1].position if rules else 0,
            closed_until=max(closed, default=None),
        )

    def calendar(self, code: str) -> Calendar:
        return self.calendars.get(code) or self.calendars[""]

    def policy(self, code: str, day: date) -> Policy | None:
        """The version of a policy that is in force on a day."""
        found = (r.policy for r in self.rulings if r.policy.policy == code and in_force(r, day))
        return next(found, None)


def in_force(ruling: Ruling, day: date) -> bool:
    if ruling.ended_on is not None and day > ruling.ended_on:
        return False
    return ruling.since <= day and (ruling.until is None or day < ruling.until)


def rulings_of(entries: Sequence[Entry]) -> Iterable[Ruling]:
    adopted: dict[str, list[tuple[Policy, date]]] = {}
    ended: dict[str, list[tuple[int, date]]] = {}
    for entry in entries:
        if isinstance(entry.rec, PolicyAdopted):
            known_on = day_in_china(entry.recorded_at)
            adopted.setdefault(entry.rec.document.policy, []).append((entry.rec.document, known_on))
        elif isinstance(entry.rec, PolicyWithdrawn):
            count = len(adopted.get(entry.rec.policy, ()))
            ended.setdefault(entry.rec.policy, []).append((count, entry.rec.last_day))
    for code, versions in adopted.items():
        yield from rulings_of_policy(versions, ended.get(code, ()))


def rulings_of_policy(
    versions: Sequence[tuple[Policy, date]], ended: Sequence[tuple[int, date]]
) -> Iterable[Ruling]:
    """`ended`: after how many versions a withdrawal came, and its last day."""
    earlier: Policy | None = None
    for place, (policy, known_on) in enumerate(versions):
        until = versions[place + 1][0].effective_from if place + 1 < len(versions) else None
        last_day = last_day_of(place, until, ended)
        for rule in policy.rules:
            begins = earlier is None or earlier.rule(rule.code) is None
            yield Ruling(policy, rule, policy.effective_from, until, begins, last_day, known_on)
        # After a pause, rules begin anew.
        earlier = policy if last_day is None else None


def last_day_of(place: int, until: date | None, ended: Sequence[tuple[int, date]]) -> date | None:
    """The last day of a version that was withdrawn, unless the next one follows without a pause."""
    last_day = min((day for count, day in ended if count > place), default=None)
    if last_day is None or (until is not None and until <= last_day + ONE):
        return None
    return last_day


def calendars_of(entries: Sequence[Entry]) -> dict[str, Calendar]:
    """By code; under the empty code one that knows the working days but no terms."""
    notices: list[Notice] = []
    terms: dict[str, list[TermsLoaded]] = {}
    for entry in entries:
        known_on = day_in_china(entry.recorded_at)
        if isinstance(entry.rec, HolidayNoticeLoaded):
            off, work = frozenset(entry.rec.off), frozenset(entry.rec.work)
            notices.append(Notice(entry.rec.year, off, work, known_on))
        elif isinstance(entry.rec, TermCalendarAdopted):
            loaded = TermsLoaded(entry.rec.terms, known_on)
            terms.setdefault(entry.rec.calendar, []).append(loaded)
    found = {code: Calendar(notices, loaded) for code, loaded in terms.items()}
    return found | {"": Calendar(notices)}
