"""Notices when the database's clock moves further than time has passed, while the clock runs."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from services.casefile.rulebooks.time_check import TimeDoubted, told


class TimeLeapt(TimeDoubted):
    """The database's clock moved further than time has passed, so nothing is declared."""

    remedy = (
        "If it is wrong, put it right. "
        "If it is right now, start the clock again: then it believes it."
    )

    def __init__(self, before: datetime, passed: timedelta, now: datetime) -> None:
        super().__init__(before=told(before), now=told(now), passed=f"{passed.total_seconds():.0f}")


def since_boot() -> float:
    """Seconds that nobody can set, those of sleep included."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Leaps:
    """Compares each look at the time with the last one that was believed."""

    def __init__(self, most: timedelta, seconds: Callable[[], float] = since_boot) -> None:
        self._most, self._seconds = most, seconds
        self._believed: tuple[datetime, float] | None = None

    def doubt(self, moment: datetime) -> TimeLeapt | None:
        seconds = self._seconds()
        if self._believed is not None:
            before, then = self._believed
            passed = timedelta(seconds=seconds - then)
            if moment - before - passed > self._most:
                return TimeLeapt(before, passed, moment)
        self._believed = moment, seconds
        return None
