"""Time is a port: commands ask it which day it is in China; only the database stamps events."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def clock_ahead(days: int) -> Clock:
    """The system's clock, so many days ahead: a rehearsal of what is to come."""
    return lambda: system_clock() + timedelta(days=days)


def day_in_china(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
