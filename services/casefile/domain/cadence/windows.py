"""The windows of a rule: stretches of its shape, clipped to terms, with due day, grace and close."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.calendar import Calendar, Term
from services.casefile.domain.cadence.days import ONE, day_in_china, end_of
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.cadence.shapes import (
    ByLevelShape,
    CalendarShape,
    DatedShape,
    MilestoneShape,
    Span,
)
from services.casefile.domain.cadence.spans import Stretch, stretches
from services.casefile.domain.cadence.window import Window

OWED_FROM = 3  # a third of the window at least; who comes later owes nothing in it


class Scheduled(NamedTuple):
    """A window, and the care or risk levels it is for when its length depends on them."""

    window: Window
    span: Span | None = None


def scheduled(ruling: Ruling, calendar: Calendar, until: date) -> list[Scheduled]:
    """The windows of a ruling that begin by a day and do not depend on a child's own records."""
    found: list[Scheduled] = []
    for stretch, span in _of_shape(ruling, calendar, until):
        window = _governed(ruling, calendar, stretch)
        if window is not None:
            found.append(Scheduled(window, span))
    return found


def _of_shape(
    ruling: Ruling, calendar: Calendar, until: date
) -> Iterator[tuple[Stretch, Span | None]]:
    shape, since = ruling.rule.shape, ruling.since
    if isinstance(shape, ByLevelShape):
        for span in dict.fromkeys(shape.every.values()):
            yield from ((each, span) for each in stretches(span, calendar, since, until))
    elif isinstance(shape, CalendarShape):
        yield from ((each, None) for each in stretches(shape.every, calendar, since, until))
    elif isinstance(shape, MilestoneShape):
        yield from ((each, None) for each in _milestones(shape, calendar, since, until))
    elif isinstance(shape, DatedShape):
        yield from ((each, None) for each in _dated(shape, since, until))


def _milestones(
    shape: MilestoneShape, calendar: Calendar, since: date, until: date
) -> Iterator[Stretch]:
    for term in calendar.terms:
        moment = _moment(shape, term)
        start = moment - timedelta(days=shape.before)
        end = moment + timedelta(days=shape.after)
        if end >= since and start <= until:
            yield Stretch(f"{term.code}:{shape.at}", start, end)


def _moment(shape: MilestoneShape, term: Term) -> date:
    return {"term_start": term.starts_on, "mid_term": term.middle, "term_end": term.ends_on}[
        shape.at
    ]


def _dated(shape: DatedShape, since: date, until: date) -> Iterator[Stretch]:
    years = range(since.year, until.year + 2)
    named = {d if len(d) > len("MM-DD") else f"{year}-{d}" for d in shape.by for year in years}
    for day in sorted(filter(None, map(day_or_none, named))):
        start = day - timedelta(days=shape.open_days)
        if day >= since and start <= until:
            yield Stretch(day.isoformat(), start, day)


def day_or_none(text: str) -> date | None:
    """The day, if there is one of that name: not every year has a 29 February."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _governed(ruling: Ruling, calendar: Calendar, stretch: Stretch) -> Window | None:
    """The window, if this ruling judges it: it began under it, or was the first of its rule."""
    start, end = stretch.starts_on, stretch.ends_on
    if ruling.until is not None and start >= ruling.until:
        return None
    if start < ruling.since:
        if not ruling.begins:
            return None
        start = ruling.since
    if end < ruling.known_on or (ruling.ended_on is not None and end > ruling.ended_on):
        return None
    nominal = (end - stretch.starts_on).days + 1
    clipped = _in_terms(calendar, start, end, nominal) if ruling.rule.terms_only else (start, end)
    if clipped is None or too_short((clipped[1] - clipped[0]).days + 1, nominal):
        return None
    return finished(ruling, calendar, stretch.key, *clipped, nominal)


def too_short(days: int, nominal: int) -> bool:
    """Whether what is left is less than a third of the window."""
    return days * OWED_FROM < nominal


def _in_terms(calendar: Calendar, start: date, end: date, nominal: int) -> tuple[date, date] | None:
    """From the first to the last day that lies in a term, if those are enough."""
    parts = [
        (max(term.starts_on, start), min(term.ends_on, end))
        for term in calendar.terms_between(start, end)
    ]
    if not parts or too_short(sum((b - a).days + 1 for a, b in parts), nominal):
        return None
    return parts[0][0], parts[-1][1]


def finished(
    ruling: Ruling,
    calendar: Calendar,
    key: str,
    start: date,
    end: date,
    nominal: int,
    trigger: UUID | None = None,
) -> Window:
    """The window with its due day, and when it is overdue and closed.

    Working days count as they were known on the window's last day, and never anew.
    """
    rule, known_on = ruling.rule, end
    due = calendar.rolled(end, rule.roll, known_on)
    if due > end and not isinstance(rule.shape, CalendarShape | ByLevelShape):
        end = due
    late = due + timedelta(days=rule.grace.days)
    late = calendar.after_working_days(late, rule.grace.working_days, known_on)
    closes = max(late, end + timedelta(days=ruling.entry_deadline_days))
    counts_working_days = rule.roll != "keep" or rule.grace.working_days > 0
    provisional = counts_working_days and not all(
        calendar.is_official(year, known_on) for year in {start.year, end.year, late.year}
    )
    return Window(key, start, end, due, end_of(late), end_of(closes), nominal, provisional, trigger)


def by_the_hour(ruling: Ruling, began: datetime, hours: int, trigger: UUID) -> Window:
    """A window that is over after so many hours."""
    due_at = began + timedelta(hours=hours)
    start, due_on = day_in_china(began), day_in_china(due_at - timedelta(microseconds=1))
    overdue = due_at + timedelta(days=ruling.rule.grace.days)
    closes = max(overdue, due_at + timedelta(days=ruling.entry_deadline_days))
    days = (due_on - start).days + 1
    return Window(
        str(trigger), start, due_on, due_on, overdue, closes, days, False, trigger, due_at
    )


def last_day_before(moment: datetime) -> date:
    """The last day that is over at a moment."""
    return day_in_china(moment) - ONE
