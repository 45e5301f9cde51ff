"""Time is a port: commands ask it which day it is in China; only the database stamps events."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def day_in_china(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
