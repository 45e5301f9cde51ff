"""Brings the windows of a ruling to trial in their order, whatever their shape."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.casefile.domain.cadence.calendar import Calendar
from services.casefile.domain.cadence.days import CHINA, ONE, day_in_china, end_of, start_of
from services.casefile.domain.cadence.evidence import Evidence
from services.casefile.domain.cadence.hearing import Hearing
from services.casefile.domain.cadence.proofs import Taken
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
        view = hearing.known.view(hearing.known.version)
        self._first = view.days[0] if view.days else date.max

    def trials(self, ruling: Ruling, taken: Taken) -> Iterator[Trial]:
        """Each trial has to be heard before the next one is asked for."""
        shape = ruling.rule.shape
        if isinstance(shape, TriggerShape):
            for window in self._triggered(ruling, shape):
                yield self._trial(ruling, window, None, taken)
        elif isinstance(shape, IntervalShape):
            yield from self._interval(ruling, shape, taken)
        else:
            for window, span in self._scheduled(ruling):
                yield self._trial(ruling, window, span, taken)

    def _scheduled(self, ruling: Ruling) -> Iterator[Scheduled]:
        schedule = schedule_of(self._rulebook, ruling, self._horizon)
        first = bisect_left(schedule, self._first, key=lambda each: each.window.ends_on)
        for each in schedule[first:]:
            if each.window.starts_on <= self._horizon:
                yield each

    def _triggered(self, ruling: Ruling, shape: TriggerShape) -> Iterator[Window]:
        """From what was first recorded, so that a window never moves."""
        before: object = None
        for entry in self._hearing.known.entries:
            if entry.kind.slug != shape.kind:
                continue
            level = getattr(entry.rec, "level", None)
            fires = is_wanted(entry.rec, shape.when) and (
                not shape.raised or is_raised(level, before)
            )
            before = level
            if fires and began_under(ruling, entry.occurred_on) and not self._is_gone(entry):
                yield self._window_of(ruling, shape, entry)

    def _is_gone(self, entry: Entry) -> bool:
        """Whether the record was annulled: then nothing is owed, unless it has been judged."""
        known = self._hearing.known
        return not any(
            each.record_id == entry.record_id
            for each in known.view(known.version).by_kind.get(entry.kind.slug, ())
        ) and not any(
            getattr(each.rec, "window", None) == str(entry.record_id) for each in known.entries
        )

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

    def _interval(self, ruling: Ruling, shape: IntervalShape, taken: Taken) -> Iterator[Trial]:
        start = max(self._first, ruling.since)
        calendar = self._calendar(ruling)
        while start <= self._horizon and began_under(ruling, start):
            end = start + timedelta(days=shape.days - 1)
            if end < ruling.known_on:
                start = end + ONE
                continue
            window = finished(ruling, calendar, start.isoformat(), start, end, shape.days)
            trial = self._trial(ruling, window, None, taken)
            yield trial
            start = trial.done_on() + ONE if shape.anchor == "last" else end + ONE

    def _trial(self, ruling: Ruling, window: Window, span: Span | None, taken: Taken) -> Trial:
        return Trial(Evidence(self._hearing, ruling, window, span, taken))

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
