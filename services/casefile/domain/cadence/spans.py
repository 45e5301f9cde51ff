"""Calendar spans: the week, month, term and so on, each with the key it is named by."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from services.casefile.domain.cadence.calendar import Calendar
from services.casefile.domain.cadence.days import ONE
from services.casefile.domain.cadence.shapes import Span

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "school_year": 12}
AUTUMN = 9


class Stretch(NamedTuple):
    """Days from one to another, both included."""

    key: str
    starts_on: date
    ends_on: date


def stretches(span: Span, calendar: Calendar, since: date, until: date) -> Iterator[Stretch]:
    """All stretches that begin by `until` and end on `since` or later, in order."""
    if span == "term":
        yield from _terms(calendar, since, until)
        return
    stretch = containing(span, since)
    while stretch.starts_on <= until:
        yield stretch
        stretch = containing(span, stretch.ends_on + ONE)


def _terms(calendar: Calendar, since: date, until: date) -> Iterator[Stretch]:
    for term in calendar.terms_between(since, until):
        yield Stretch(term.code, term.starts_on, term.ends_on)


def containing(span: Span, day: date) -> Stretch:
    """The stretch that a day lies in."""
    if span == "iso_week":
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Stretch(f"{year}-W{week:02}", monday, monday + timedelta(days=6))
    if span == "half_month":
        return _half_month(day)
    first = 1 if span != "school_year" else AUTUMN
    return _months(day, MONTHS[span], first, span)


def _half_month(day: date) -> Stretch:
    month = f"{day:%Y-%m}"
    if day.day <= 15:
        return Stretch(f"{month}-A", day.replace(day=1), day.replace(day=15))
    return Stretch(f"{month}-B", day.replace(day=16), month_after(day, 1) - ONE)


def _months(day: date, length: int, first: int, span: Span) -> Stretch:
    into = (day.month - first) % length
    start = month_after(day, -into)
    end = month_after(start, length) - ONE
    return Stretch(_key(span, start, end), start, end)


def _key(span: Span, start: date, end: date) -> str:
    keys = {
        "month": f"{start:%Y-%m}",
        "quarter": f"{start.year}-Q{(start.month + 2) // 3}",
        "half_year": f"{start.year}-S{1 if start.month == 1 else 2}",
        "school_year": f"{start.year}-{end.year}",
    }
    return keys.get(span, f"{start.year}")


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
