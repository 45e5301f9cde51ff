"""A world in which something is owed: days from today on, a clock to move, a monthly talk."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.casefile.composition import Parts
from tests.casefile.world import child, context

TODAY = datetime.now(UTC).date() + timedelta(days=1)
THIS_MONTH = TODAY.replace(day=1)


def month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


NEXT_MONTH = month_after(TODAY)
MONTH_AFTER_NEXT = month_after(NEXT_MONTH)


NOON = datetime.combine(TODAY, time(4), UTC)


@dataclass
class Hands:
    """A clock that is set by hand; it begins at noon of today in China."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def move_to(self, day: date) -> None:
        self.at = datetime.combine(day, time(4), UTC)


def policy(**fields: Any) -> dict[str, Any]:
    """A policy as it is sent: the class teacher talks with every child every month."""
    return {
        "policy": "school-talks",
        "version": 1,
        "title": "每月谈心",
        "effective_from": THIS_MONTH.isoformat(),
        "approved_by": "leading-group",
        "rules": [talk_rule()],
    } | fields


def talk_rule(**fields: Any) -> dict[str, Any]:
    return {
        "code": "talk.monthly",
        "title": "班主任每月谈心",
        "shape": {"shape": "calendar", "every": "month"},
        "kinds": ["talk"],
        "role": "class_teacher",
        "seeds": ["B01"],
    } | fields


def open_today(built: Parts, **fields: Any) -> UUID:
    """A child who is on file since before this month."""
    day = (THIS_MONTH - timedelta(days=40)).isoformat()
    return built.casefile.open_case(child(occurred_on=day, **fields), context()).case_id
