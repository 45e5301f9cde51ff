"""The shapes of windows: which stretches of time a rule asks about."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Span = Literal[
    "iso_week", "half_month", "month", "quarter", "term", "half_year", "school_year", "year"
]
Wanted = str | bool | int | tuple[str, ...]
"""What a field has to be: a value, one of several, or `present`."""
Milestone = Literal["term_start", "mid_term", "term_end"]


class _Shape(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="shape",
):
    """A shape of windows, named by `shape` in the document."""


class CalendarShape(_Shape, frozen=True, kw_only=True, tag="calendar"):
    """One window for each week, month, term and so on."""

    every: Span


class ByLevelShape(_Shape, frozen=True, kw_only=True, tag="by_level"):
    """Calendar windows whose length depends on the child's care level (or risk level)."""

    level: Literal["care", "risk"] = "care"
    every: dict[str, Span]


class IntervalShape(_Shape, frozen=True, kw_only=True, tag="interval"):
    """Every so many days: counted from the last time it was done, or from when it began to be owed."""

    days: Annotated[int, Meta(ge=1, le=366)]
    anchor: Literal["last", "start"] = "last"


class MilestoneShape(_Shape, frozen=True, kw_only=True, tag="milestone"):
    """Around a moment of each term: from `before` days before it to `after` days after it."""

    at: Milestone
    before: Annotated[int, Meta(ge=0, le=180)] = 0
    after: Annotated[int, Meta(ge=0, le=180)] = 0


class DatedShape(_Shape, frozen=True, kw_only=True, tag="dated"):
    """By a fixed day: `MM-DD` of every year or one `YYYY-MM-DD`; open so many days before it."""

    by: Annotated[
        tuple[
            Annotated[str, Meta(pattern=r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")], ...
        ],
        Meta(min_length=1),
    ]
    open_days: Annotated[int, Meta(ge=0, le=366)] = 30


class TriggerShape(_Shape, frozen=True, kw_only=True, tag="trigger"):
    """Within so many days, working days or hours of a record of this kind.

    `when`: what the fields of that record have to be. `raised`: only when its level is more
    severe than the one before.
    """

    kind: str
    when: dict[str, Wanted] = {}
    raised: bool = False
    within_days: Annotated[int, Meta(ge=0, le=366)] | None = None
    within_working_days: Annotated[int, Meta(ge=0, le=120)] | None = None
    within_hours: Annotated[int, Meta(ge=1, le=720)] | None = None


Shape = CalendarShape | ByLevelShape | IntervalShape | MilestoneShape | DatedShape | TriggerShape
