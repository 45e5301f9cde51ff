"""What a unit did as a whole: meetings, plans, surveys, returns, open days, hazards removed."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.codes import Month, Occasion, Topic
from services.casefile.domain.families.fields import Code, Minutes, Note, ShortNote
from services.casefile.domain.families.organisation import UnitRecord
from services.casefile.domain.record import kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Staff = Annotated[tuple[StaffId, ...], Meta(max_length=200)]
Topics = Annotated[tuple[Topic, ...], Meta(max_length=10)]


@kind(
    "leading_group_meeting",
    "Leading group meeting",
    stream="unit",
    publishes=("present", "minutes"),
)
class LeadingGroupMeetingHeld(UnitRecord):
    """The leading group met and decided."""

    present: Annotated[tuple[StaffId, ...], Meta(min_length=1, max_length=200)]
    agenda: Annotated[
        tuple[
            Literal["plan", "review", "key_cases", "funding", "safety", "training", "appraisal"],
            ...,
        ],
        Meta(max_length=7),
    ] = ()
    minutes: Minutes | None = None
    resolutions: Note | None = None


@kind(
    "work_plan_item",
    "Work plan item done",
    stream="unit",
    publishes=("plan", "task", "month", "outcome"),
)
class WorkPlanItemDone(UnitRecord):
    """Something the work plan names for a month was done, partly done, or not; of how many."""

    plan: Code
    task: Code
    month: Month
    outcome: Literal["done", "partly_done", "not_done"]
    target_count: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    done_count: Count | None = None
    counts: Literal["homes", "trained_staff", "caring_parents", "paired_children"] | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if self.counts is not None and self.target_count is None:
            raise Implausible("target_count", "say how many of them are the target")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"work_plans.{self.plan}.{self.task}", {"month": self.month, "outcome": self.outcome}


class ChecklistItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a checklist."""

    requirement: Code
    is_met: bool
    remark: ShortNote | None = None


@kind("self_inspection", "Self-inspection", stream="unit", publishes=("next_on",))
class SelfInspectionDone(UnitRecord):
    """The unit checked its own work against a list."""

    checklist: Annotated[tuple[ChecklistItem, ...], Meta(min_length=1, max_length=100)]
    next_on: date | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(situation.env.occurred_on, self.next_on, "next_on")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        unmet = [line.requirement for line in self.checklist if not line.is_met]
        yield "self_inspection", {"lines": len(self.checklist), "unmet": unmet}


@kind(
    "baseline_survey",
    "Baseline survey",
    stream="unit",
    publishes=("campaign", "started_on", "ended_on", "children"),
)
class BaselineSurveyConducted(UnitRecord):
    """The children of the unit were counted, door by door or class by class."""

    campaign: Code
    method: Literal["household_visits", "class_lists", "school_roll", "hotline", "data_matching"]
    started_on: date
    ended_on: date
    children: Count
    left_behind: Count | None = None
    in_difficulty: Count | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(self.started_on, self.ended_on, "ended_on")
        for field in ("left_behind", "in_difficulty"):
            if (getattr(self, field) or 0) > self.children:
                raise Implausible(field, "more than there are in all")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"surveys.{self.campaign}", {"children": self.children, "ended_on": self.ended_on}


@kind(
    "statistical_return",
    "Return filed",
    stream="unit",
    publishes=("document", "recipient", "period_from", "period_until"),
)
class StatisticalReturnFiled(UnitRecord):
    """Figures, a summary or a plan were handed to the office above."""

    document: Literal["statistics", "work_summary", "work_plan", "training_record"]
    recipient: Literal[
        "township", "county_civil_affairs", "county_education", "women_federation", "leading_group"
    ]
    period_from: date
    period_until: date
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    counted_on: date | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(self.period_from, self.period_until, "period_until")


@kind(
    "circular",
    "Circular sent",
    stream="unit",
    publishes=("addressees", "copies", "occasion"),
)
class CircularSent(UnitRecord):
    """An open letter went to many families."""

    addressees: Literal["parents", "guardians", "parents_and_guardians", "staff"]
    copies: Annotated[int, Meta(ge=1, le=1_000_000)]
    occasion: Occasion
    topics: Topics = ()


@kind(
    "home_session",
    "Home open",
    stream="unit",
    publishes=("minutes", "children"),
)
class HomeOpened(UnitRecord):
    """A children's home opened its doors for some hours."""

    minutes: Minutes
    children: Count
    left_behind: Count | None = None
    on_duty: Staff = ()
    equipment: Annotated[
        tuple[
            Literal["telephone", "computer", "books", "sports", "television", "art", "toys"], ...
        ],
        Meta(max_length=7),
    ] = ()
    roll_called: bool = False
    collected_by_guardian: bool | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if (self.left_behind or 0) > self.children:
            raise Implausible("left_behind", "more than came in all")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "home.opened_on", entry.occurred_on


@kind(
    "unit_activity",
    "Activity held",
    stream="unit",
    publishes=("activity", "sessions", "people"),
)
class ActivityHeld(UnitRecord):
    """Something was put on, and counted: how often, how many people, how many times in all."""

    activity: Literal[
        "theme_day", "competition", "outing", "social_practice", "safety_education",
        "publicity", "empowerment", "condolence_visit", "household_visits", "phone_visits",
        "volunteering", "hand_in_hand", "experience_exchange", "recruitment", "other",
    ]  # fmt: skip
    sessions: Annotated[int, Meta(ge=1, le=10_000)] = 1
    people: Count | None = None
    attendances: Count | None = None
    topics: Topics = ()
    occasion: Occasion | None = None
    is_filmed: bool = False
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if self.attendances is not None and (self.people or 0) > self.attendances:
            raise Implausible("attendances", "fewer than the people who came")


@kind(
    "hazard",
    "Hazard reported",
    stream="unit",
    publishes=("hazard", "rectify_by"),
)
class HazardReported(UnitRecord):
    """Something in or around the unit endangers children."""

    hazard: Literal[
        "fire", "electricity", "water", "structure", "hygiene", "food", "traffic", "internet_cafe",
        "game_hall", "shop", "stray_animals", "other",
    ]  # fmt: skip
    place: Literal["inside", "nearby", "on_the_way"]
    told: Annotated[
        tuple[Literal["unit", "township", "police", "culture_and_market", "education"], ...],
        Meta(max_length=5),
    ] = ()
    rectify_by: date | None = None
    description: Note | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(situation.env.occurred_on, self.rectify_by, "rectify_by")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"hazards.{entry.record_id}",
            {"state": "reported", "hazard": self.hazard, "rectify_by": self.rectify_by},
        )


@kind(
    "hazard_rectification",
    "Hazard rectified",
    stream="unit",
    publishes=("hazard_report", "outcome"),
)
class HazardRectified(UnitRecord):
    """A hazard is gone, or became another office's business."""

    hazard_report: UUID
    outcome: Literal["removed", "fenced_off", "handed_over"]
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        referred(situation, self.hazard_report, HazardReported)
        if situation.fact(f"hazards.{self.hazard_report}") is None:
            raise NotOnFile("hazard", record_id=str(self.hazard_report))

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"hazards.{self.hazard_report}", None
