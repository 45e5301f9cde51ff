"""The days of the demo: eighteen months up to today, terms and holidays, two inspections."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.casefile.domain.cadence.spans import containing, month_after

MONTHS = 18


@dataclass(frozen=True)
class Calendar:
    """Everything in the story is dated by this."""

    today: date

    @property
    def start(self) -> date:
        months = self.today.year * 12 + self.today.month - 1 - MONTHS
        return date(months // 12, months % 12 + 1, 1)

    @property
    def inspections(self) -> tuple[date, date]:
        """Announced; some get busy in the two weeks before."""
        return (self.today - timedelta(days=190), self.today - timedelta(days=12))

    def months(self) -> Iterator[date]:
        day = self.start
        while day <= self.today:
            yield day
            day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)

    def september_firsts(self) -> list[date]:
        years = range(self.start.year, self.today.year + 1)
        return [d for d in (date(y, 9, 1) for y in years) if self.start < d <= self.today]

    def term_ends(self) -> list[tuple[date, str]]:
        years = range(self.start.year, self.today.year + 1)
        ends = [(date(y, 1, 18), f"{y - 1}-{y}-1") for y in years]
        ends += [(date(y, 7, 3), f"{y - 1}-{y}-2") for y in years]
        return sorted(e for e in ends if self.start < e[0] <= self.today)

    @property
    def talks_since(self) -> date:
        """The first day of the month before last."""
        return month_after(self.today, -2)

    @property
    def visits_since(self) -> date:
        return containing("half_month", self.today - timedelta(days=60)).starts_on

    @property
    def calls_since(self) -> date:
        return containing("iso_week", self.today - timedelta(days=42)).starts_on

    @property
    def quota_since(self) -> date:
        return containing("iso_week", self.today - timedelta(days=35)).starts_on


def is_holiday(day: date) -> bool:
    """Summer, and the weeks around the Spring Festival."""
    summer = (7, 6) <= (day.month, day.day) <= (8, 31)
    winter = (1, 21) <= (day.month, day.day) <= (2, 19)
    return summer or winter
