"""What is to be done for the child: the care plan, its revision and review, the individual plan."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.fields import Note, ShortNote, Term
from services.casefile.domain.families.priority import Criteria
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import Implausible, day_before
from services.casefile.domain.situation import Situation

ServiceTag = Literal[
    "study", "life", "activity", "safety", "nutrition", "self_care", "psychological_support",
    "guardianship_support", "family_education", "guardianship_capacity", "family_relations",
    "health_care", "funding", "legal_aid",
]  # fmt: skip


class PlannedGoal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the plan wants to reach, by when, and how it will show."""

    aim: ShortNote
    due: date | None = None
    sign: ShortNote | None = None


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What will be done, for which purpose, how often and by whom."""

    service: ServiceTag
    content: ShortNote
    starts_on: date | None = None
    how_often: (
        Literal["once", "daily", "weekly", "fortnightly", "monthly", "per_term", "as_needed"] | None
    ) = None
    staff: StaffId | None = None


Goals = Annotated[tuple[PlannedGoal, ...], Meta(min_length=1, max_length=20)]
Measures = Annotated[tuple[Measure, ...], Meta(min_length=1, max_length=40)]
AgreedWith = Annotated[
    tuple[Literal["child", "guardian", "father", "mother", "school", "village"], ...],
    Meta(max_length=6),
]


@kind(
    "care_plan",
    "Care plan",
    publishes=("starts_on", "ends_on", "term"),
)
class CarePlanAdopted(Record):
    """The plan for this child: goals, measures, times."""

    starts_on: date
    ends_on: date
    goals: Goals
    measures: Measures
    term: Term | None = None
    agreed_with: AgreedWith = ()
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        day_before(self.starts_on, self.ends_on, "ends_on")
        _within(self.goals, self.starts_on)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "plan.care", _outline(entry.record_id, self)


@kind("care_plan_revision", "Care plan revised", publishes=("plan",))
class CarePlanRevised(Record):
    """The plan reads differently from now on, and why."""

    plan: UUID
    reason: ShortNote
    starts_on: date
    ends_on: date
    goals: Goals
    measures: Measures
    agreed_with: AgreedWith = ()

    def check(self, situation: Situation) -> None:
        referred(situation, self.plan, CarePlanAdopted)
        day_before(self.starts_on, self.ends_on, "ends_on")
        _within(self.goals, self.starts_on)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "plan.care", _outline(self.plan, self)


@kind(
    "care_plan_review",
    "Care plan reviewed",
    publishes=("plan", "stage"),
)
class CarePlanReviewed(Record):
    """How far the plan has come, in the eyes of the staff and of the child."""

    plan: UUID
    stage: Literal["mid_term", "term_end", "change", "other"]
    effect: Literal["reached", "partly_reached", "not_reached"]
    finding: Note | None = None
    child_view: Note | None = None
    next_step: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        referred(situation, self.plan, (CarePlanAdopted, IndividualPlanAdopted))

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        reviewed = {"plan": str(self.plan), "stage": self.stage, "effect": self.effect}
        yield "plan.review", reviewed


@kind(
    "individual_plan",
    "Individual education plan",
    publishes=("starts_on", "ends_on"),
)
class IndividualPlanAdopted(Record):
    """A plan for a child with particular needs, drawn up with the leading group."""

    leading_group_member: StaffId
    criteria: Criteria
    starts_on: date
    measures: Measures
    ends_on: date | None = None
    goals: Annotated[tuple[PlannedGoal, ...], Meta(max_length=20)] = ()
    situation_found: Note | None = None

    def check(self, situation: Situation) -> None:
        day_before(self.starts_on, self.ends_on, "ends_on")
        _within(self.goals, self.starts_on)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        led = {"criteria": self.criteria, "leading_group_member": self.leading_group_member}
        yield "plan.individual", _outline(entry.record_id, self) | led


def _within(goals: Iterable[PlannedGoal], starts_on: date) -> None:
    if any(goal.due is not None and goal.due < starts_on for goal in goals):
        raise Implausible("goals", "a goal is due before the plan starts")


def _outline(plan: UUID, content: Any) -> dict[str, Any]:
    return {
        "plan": str(plan),
        "starts_on": content.starts_on,
        "ends_on": content.ends_on,
        "services": tuple(sorted({measure.service for measure in content.measures})),
        "goals": tuple(goal.aim for goal in content.goals),
    }
