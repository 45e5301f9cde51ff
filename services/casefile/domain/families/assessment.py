"""What the child needs and risks, judged with a named instrument, and the level of care set."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.fields import Code, Note, ReportableSituation, ShortNote
from services.casefile.domain.families.instrument import (
    Answers,
    InstrumentVersion,
    refuse_item_answered_twice,
)
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import Implausible, day_before
from services.casefile.domain.situation import Situation

Score = Annotated[int, Meta(ge=0, le=100)]
RiskLevel = Literal["red", "yellow", "blue", "green"]
DOMAINS = ("study", "life", "psychology", "safety", "health")


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is needed in one domain, and how urgently."""

    urgency: Literal["none", "some", "urgent"]
    finding: ShortNote | None = None


class RiskScores(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The three dimensions of the risk score; the higher, the safer."""

    guardianship: Score
    physiological: Score
    behavioural: Score


@kind("needs", "Needs assessed", publishes=())
class NeedsAssessed(Record):
    """What the child needs in five domains, what is lacking, and what cannot wait."""

    study: Need
    life: Need
    psychology: Need
    safety: Need
    health: Need
    lacking: Annotated[
        tuple[
            Literal[
                "tutoring", "daily_care", "affection", "guidance", "supervision", "communication",
                "self_confidence", "companionship",
            ],
            ...,
        ],
        Meta(max_length=8),
    ] = ()  # fmt: skip
    pressing: Annotated[
        tuple[
            Literal["breadwinner_ill_or_dead", "schooling_elsewhere", "assistive_device"], ...
        ],
        Meta(max_length=3),
    ] = ()  # fmt: skip
    child_view: Note | None = None
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        for domain in DOMAINS:
            yield f"needs.{domain}", getattr(self, domain).urgency
        yield "needs.lacking", self.lacking or None
        yield "needs.pressing", self.pressing or None


@kind("risk", "Risk assessed", publishes=("level",))
class RiskAssessed(Record):
    """The child's risk, scored with an instrument; a sign of harm makes it red at any score."""

    instrument: Code
    instrument_version: InstrumentVersion
    scores: RiskScores
    score: Score
    level: RiskLevel
    forced_report: Annotated[tuple[ReportableSituation, ...], Meta(max_length=9)] = ()
    second_assessor: StaffId | None = None
    answers: Answers = ()
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        parts = (self.scores.guardianship, self.scores.physiological, self.scores.behavioural)
        if not min(parts) <= self.score <= sum(parts):
            raise Implausible("score", "does not come from its three dimensions")
        if self.level != (follows := risk_level(self.score, self.forced_report)):
            raise Implausible("level", "does not follow from score and signs", follows=follows)
        _refuse_assessing_alone(situation, self.second_assessor)
        refuse_item_answered_twice(self.answers)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "level.risk", self.level
        yield "level.risk_score", self.score
        yield "level.forced_report", self.forced_report or None


def risk_level(score: int, forced_report: tuple[str, ...] = ()) -> RiskLevel:
    """The colour of a score; both ends of every band have one."""
    if forced_report or score < 40:
        return "red"
    if score < 60:
        return "yellow"
    return "blue" if score < 80 else "green"


def _refuse_assessing_alone(situation: Situation, second: StaffId | None) -> None:
    first = situation.env.performed_by or situation.env.recorded_by
    if second is not None and second == first.staff:
        raise Implausible("second_assessor", "is the same person as the first")


@kind(
    "care_level",
    "Care level set",
    publishes=("level", "review_due"),
)
class CareLevelSet(Record):
    """How closely the child is looked after from now on; it decides how often."""

    level: Literal["universal", "key", "guardianship_intervention", "case_service"]
    reason: ShortNote | None = None
    review_due: date | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.review_due, "review_due")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "level.care", self.level
        yield "level.review_due", self.review_due


@kind("difficulty", "Categories of difficulty", publishes=())
class DifficultyCategoriesSet(Record):
    """All categories of difficulty that hold from now on; none is an answer too."""

    categories: Annotated[
        tuple[
            Literal[
                "guardianship_lost", "family_poverty", "illness", "mental_health",
                "out_of_school", "orphan", "other",
            ],
            ...,
        ],
        Meta(max_length=7),
    ]  # fmt: skip
    basis: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        if len(set(self.categories)) < len(self.categories):
            raise Implausible("categories", "names a category twice")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "child.difficulties", self.categories or None
