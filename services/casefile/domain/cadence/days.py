"""Days and moments in China."""

from datetime import date, datetime, time, timedelta, timezone

# Without the zone's history, which ended in 1991: policies are for days after that.
CHINA = timezone(timedelta(hours=8))
ONE = timedelta(days=1)


def day_in_china(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def start_of(day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time(), CHINA)


def end_of(day: date) -> datetime:
    """The first instant after a day."""
    return start_of(day + ONE)
