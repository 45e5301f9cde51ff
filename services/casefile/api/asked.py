"""The parameters that reads take, each in one exact form; anything else is refused."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.casefile.application.clock import SHANGHAI
from services.casefile.domain.cadence.obligation import State
from services.casefile.domain.cadence.policy import Obligor
from services.casefile.history.obligations import ObligationFilter
from services.casefile.history.view import Moment

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})")


def _a_day(value: Any) -> Any:
    # pydantic would read a bare number as seconds since 1970.
    if isinstance(value, str) and DAY.fullmatch(value) is None:
        raise PydanticCustomError("day", "a day is written 2026-11-20")
    return value


def _an_instant(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if DAY.fullmatch(value) is not None:
        return _end_of(value)
    # A plus sign in an address that was not escaped arrives as a space.
    instant = re.sub(r" (?=\d{2}:\d{2}$)", "+", value)
    if INSTANT.fullmatch(instant) is None:
        raise PydanticCustomError("instant", "a moment is written 2026-11-20T08:00:00+08:00")
    return instant


def _end_of(day: str) -> datetime:
    """A bare day means what was known when it ended in China."""
    try:
        last = date.fromisoformat(day)
    except ValueError:
        raise PydanticCustomError("instant", "there is no such day") from None
    return datetime.combine(last, time.max, SHANGHAI)


Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,59}$")]
Day = Annotated[date, BeforeValidator(_a_day)]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_an_instant),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "string", "format": "date"},
            ]
        }
    ),
]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AskedMoment(Asked):
    """A point on both clocks."""

    as_of: Annotated[
        Day | None, Field(description="Only what had happened by this day (Asia/Shanghai).")
    ] = None
    known_at: Annotated[
        Instant | None,
        Field(description="Only what had been recorded by this moment, or by the end of this day."),
    ] = None

    @property
    def moment(self) -> Moment:
        return Moment(self.as_of, self.known_at)


class AskedHistory(AskedMoment):
    kind: Annotated[
        list[str], Field(max_length=50, description="Only these kinds; may be given often.")
    ] = []
    order: Literal["newest", "oldest"] = "newest"
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: Annotated[str | None, Field(max_length=500)] = None


class AskedDiff(Asked):
    """Two moments: a day each, and, for what the file said, when it was known."""

    from_day: Annotated[Day | None, Field(alias="from")] = None
    to_day: Annotated[Day | None, Field(alias="to")] = None
    from_known_at: Instant | None = None
    to_known_at: Instant | None = None

    @property
    def before(self) -> Moment:
        return Moment(self.from_day, self.from_known_at)

    @property
    def after(self) -> Moment:
        return Moment(self.to_day, self.to_known_at)


class AskedPolicies(Asked):
    on: Annotated[Day | None, Field(description="Only versions that hold on this day.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=500)] = None


class AskedPolicy(Asked):
    """Without a version, the one in force on the day, or else the latest."""

    on: Annotated[Day | None, Field(description="The day in force on; today if not given.")] = None
    version: Annotated[int | None, Field(ge=1, le=9999)] = None


class AskedObligations(AskedMoment):
    policy: Code | None = None
    rule: Code | None = None
    obligor: Obligor | None = None
    state: Annotated[
        list[State], Field(max_length=9, description="Only these states; may be given often.")
    ] = []
    since: Annotated[Day | None, Field(description="Windows that end on this day or later.")] = None
    until: Annotated[
        Day | None, Field(description="Windows that begin by this day; today if not given.")
    ] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=1000)] = None

    @property
    def filters(self) -> ObligationFilter:
        return ObligationFilter(
            policy=self.policy,
            rule=self.rule,
            obligor=self.obligor,
            states=tuple(self.state),
            since=self.since,
            until=self.until,
        )


class AskedAccountability(Asked):
    rule: Code
    policy: Code | None = None
    since: Day
    until: Day


class AskedFeed(Asked):
    after: Annotated[
        int, Field(ge=0, le=2**62, description="What follows this position of the log.")
    ] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    types: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9.-]+(,[a-z0-9.-]+)*$",
            max_length=4000,
            description="Only these types of message, with commas between them.",
        ),
    ] = None
    case_id: Annotated[UUID | None, Field(description="Only what is in this case's file.")] = None
    wait: Annotated[
        int, Field(ge=0, le=30, description="So many seconds at most, when there is nothing yet.")
    ] = 0
