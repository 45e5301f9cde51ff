"""Days and hours in China, and which of them are working days."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from functools import cache

import holidays

# Without the zone's history, which ended in 1991.
CHINA = timezone(timedelta(hours=8))
ONE = timedelta(days=1)


def day_in_china(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def at(day: date, clock: time) -> datetime:
    """That time of the day in China."""
    return datetime.combine(day, clock, CHINA)


@cache
def official_days() -> holidays.HolidayBase:
    """The official notices; the library lays out a year when it is first asked for."""
    return holidays.country_holidays("CN")


class WorkingDays:
    """Official days as the library knows them, and the office's own beside them."""

    def __init__(self, off: Iterable[date] = (), work: Iterable[date] = ()) -> None:
        self._off = frozenset(off)
        self._work = frozenset(work)
        self._official = official_days()

    def __contains__(self, day: date) -> bool:
        if day in self._off or day in self._work:
            return day in self._work
        return self._official.is_working_day(day)

    def on_or_after(self, day: date) -> date:
        while day not in self:
            day += ONE
        return day

    def on_or_before(self, day: date) -> date:
        while day not in self:
            day -= ONE
        return day
