"""Brings the windows of a ruling to trial in their order, whatever their shape."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from services.casefile.domain.cadence.calendar import Calendar
from services.casefile.domain.cadence.days import CHINA, ONE, day_in_china, end_of, start_of
from services.casefile.domain.cadence.evidence import Evidence
from services.casefile.domain.cadence.hearing import Hearing
from services.casefile.domain.cadence.proofs import made_up_until, recurs
from services.casefile.domain.cadence.rulebook import Rulebook, Ruling
from services.casefile.domain.cadence.shapes import IntervalShape, Span, TriggerShape
from services.casefile.domain.cadence.trial import Trial
from services.casefile.domain.cadence.wanted import is_raised, is_wanted
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.cadence.windows import Scheduled, by_the_hour, finished, scheduled
from services.casefile.domain.entry import Entry

AHEAD = timedelta(days=62)


class Rounds:
    """The windows of one subject, up to the horizon."""

    def __init__(self, hearing: Hearing, rulebook: Rulebook, horizon: date) -> None:
        self._hearing = hearing
        self._rulebook = rulebook
        self._horizon = horizon
        self._first, self._last = hearing.known.reach
        # Where the next interval of a rule begins, and when the one before it is closed.
        self._next: dict[tuple[str, str], tuple[date, datetime]] = {}

    def trials(self, ruling: Ruling, heard: list[Evidence]) -> Iterator[Trial]:
        """Each trial has to be heard before the next one is asked for."""
        shape = ruling.rule.shape
        if isinstance(shape, TriggerShape):
            found = [Scheduled(each) for each in self._triggered(ruling, shape)]
        elif isinstance(shape, IntervalShape):
            yield from self._interval(ruling, shape, heard)
            return
        else:
            found = list(self._scheduled(ruling))
        beside = () if recurs(ruling) else [each.window for each in found]
        for window, span in found:
            if window.starts_on <= self._horizon or isinstance(shape, TriggerShape):
                yield self._trial(ruling, window, span, heard, beside)

    def _trial(
        self,
        ruling: Ruling,
        window: Window,
        span: Span | None,
        heard: list[Evidence],
        beside: Sequence[Window] = (),
    ) -> Trial:
        return Trial(Evidence(self._hearing, ruling, window, span, heard, beside))

    def _scheduled(self, ruling: Ruling) -> Iterator[Scheduled]:
        """Also those that begin after the horizon, if anything on file lies in them."""
        last = max(self._horizon, self._last)
        schedule = schedule_of(self._rulebook, ruling, last)
        first = bisect_left(schedule, self._first, key=lambda each: each.window.ends_on)
        for each in schedule[first:]:
            if each.window.starts_on <= last:
                yield each

    def _triggered(self, ruling: Ruling, shape: TriggerShape) -> list[Window]:
        """From what was first recorded, so that a window never moves; the first to close first."""
        before: object = None
        found: list[Window] = []
        for entry in self._hearing.known.entries:
            if entry.kind.slug != shape.kind:
                continue
            level = getattr(entry.rec, "level", None)
            fires = is_wanted(entry.rec, shape.when) and (
                not shape.raised or is_raised(level, before)
            )
            before = level
            if fires and began_under(ruling, entry.occurred_on):
                window = self._window_of(ruling, shape, entry)
                if window.ends_on >= ruling.known_on:
                    found.append(window)
        return sorted(found, key=lambda each: each.closes_at)

    def _window_of(self, ruling: Ruling, shape: TriggerShape, entry: Entry) -> Window:
        if shape.within_hours is not None:
            window = by_the_hour(ruling, began_at(entry), shape.within_hours, entry.record_id)
        else:
            window = self._within_days(ruling, shape, entry)
        # Whoever learns of it later has the time that everybody has for an entry.
        learnt = day_in_china(entry.recorded_at) + timedelta(days=ruling.entry_deadline_days)
        if ruling.entry_deadline_days == 0:
            return window
        return window._replace(closes_at=max(window.closes_at, end_of(learnt)))

    def _within_days(self, ruling: Ruling, shape: TriggerShape, entry: Entry) -> Window:
        start, calendar = entry.occurred_on, self._calendar(ruling)
        end = start + timedelta(days=shape.within_days or 0)
        end = calendar.after_working_days(end, shape.within_working_days or 0, start)
        days = (end - start).days + 1
        key = str(entry.record_id)
        return finished(ruling, calendar, key, start, end, days, entry.record_id)

    def _interval(
        self, ruling: Ruling, shape: IntervalShape, heard: list[Evidence]
    ) -> Iterator[Trial]:
        """One after the other, through all versions of a rule."""
        name = (ruling.policy.policy, ruling.rule.code)
        known = None if ruling.begins else self._next.get(name)
        start, settled = known or (max(self._hearing.known.opened_on, ruling.since), None)
        calendar = self._calendar(ruling)
        while start <= self._horizon and began_under(ruling, start):
            end = start + timedelta(days=shape.days - 1)
            if ruling.ended_on is not None and end > ruling.ended_on:
                return
            following = end + ONE
            if end >= ruling.known_on:
                window = finished(ruling, calendar, start.isoformat(), start, end, shape.days)
                window = settle(window, settled)
                trial = self._trial(ruling, window, None, heard)
                yield trial
                following = trial.done_on() + ONE if shape.anchor == "last" else following
                # Those that keep their rhythm move too, if the first of them does.
                settled = window.closes_at if shape.anchor == "last" else settled
            start = following
            self._next[name] = (start, settled or start_of(start))

    def _calendar(self, ruling: Ruling) -> Calendar:
        return self._rulebook.calendar(ruling.policy.calendar)


def schedule_of(rulebook: Rulebook, ruling: Ruling, horizon: date) -> list[Scheduled]:
    """The windows of a ruling, worked out once for all children."""
    memo = rulebook.schedules
    until, schedule = memo.get(id(ruling), (date.min, []))
    if until < horizon:
        until = horizon + AHEAD
        schedule = scheduled(ruling, rulebook.calendar(ruling.policy.calendar), until)
        schedule.sort(key=lambda each: (each.window.ends_on, each.window.starts_on))
        memo[id(ruling)] = (until, schedule)
    return schedule


def settle(window: Window, settled_from: datetime | None) -> Window:
    """The window, which is neither overdue nor closed while an earlier one may still move it."""
    if settled_from is None:
        return window
    return window._replace(
        overdue_from=max(window.overdue_from, settled_from),
        closes_at=max(window.closes_at, settled_from),
        settled_from=settled_from,
        grace_until=made_up_until(window),
    )


def began_under(ruling: Ruling, day: date) -> bool:
    if day < ruling.since or (ruling.ended_on is not None and day > ruling.ended_on):
        return False
    return ruling.until is None or day < ruling.until


def began_at(entry: Entry) -> datetime:
    """When it happened: its own time, or as late as it can have been."""
    if entry.env.occurred_at is not None:
        return datetime.combine(entry.occurred_on, entry.env.occurred_at, CHINA)
    last = end_of(entry.occurred_on)
    return max(min(entry.recorded_at, last), start_of(entry.occurred_on))
