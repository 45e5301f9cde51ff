"""When something that happened gets written down: this is where workers differ."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.county import Character

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATE = 7


class Diary:
    """Gives a record its time, or None when it was never written down."""

    def __init__(self, calendar: Calendar, random: Random) -> None:
        self._calendar = calendar
        self._random = random

    def recorded(self, day: date, character: Character) -> datetime | None:
        if character == "cramming":
            return self._before_inspection(day)
        lag = self._lag(character)
        moment = self._at(day + timedelta(days=lag), self._random.randint(8 * 60, 21 * 60))
        return moment if moment < self._now() else None

    def soon(self, day: date, minutes: int = 0) -> datetime:
        """Written down the same day, in one sitting."""
        return min(self._at(day, 9 * 60 + minutes), self._now() - timedelta(hours=1))

    def happens(self, character: Character) -> bool:
        share = {"honest": 0.94, "lazy": 0.45, "cramming": 0.93}[character]
        return self._random.random() < share

    def _lag(self, character: Character) -> int:
        if character == "lazy":
            return self._random.choice((0, 1, 3, 6, 12, 25))
        return self._random.choice((0, 0, 0, 1, 1, 2, 3))

    def _before_inspection(self, day: date) -> datetime | None:
        coming = next((i for i in self._calendar.inspections if i > day), None)
        if coming is None:
            return None
        back = max(day, coming - timedelta(days=self._random.randint(1, 13)))
        return self._at(back, self._random.choice(range(19 * 60, 22 * 60, 2)))

    def _now(self) -> datetime:
        return datetime.combine(self._calendar.today, time(0), SHANGHAI).astimezone(UTC)

    def _at(self, day: date, minutes: int) -> datetime:
        seconds = self._random.randint(0, 59)
        local = datetime.combine(day, time(minutes // 60, minutes % 60, seconds), SHANGHAI)
        return local.astimezone(UTC)
