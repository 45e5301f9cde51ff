"""The child's health: checks, history, illness and treatment. Measurements are whole numbers."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.codes import Payer
from services.casefile.domain.families.fields import Fen, Note, ShortNote
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import Implausible, day_before
from services.casefile.domain.situation import Situation

HeightMm = Annotated[int, personal(DataClass.WELFARE, ge=300, le=2300)]
WeightG = Annotated[int, personal(DataClass.WELFARE, ge=1000, le=250_000)]
# Tenths on the five-grade chart: 50 is normal sight.
Vision = Annotated[int, personal(DataClass.WELFARE, ge=30, le=53)]
Provider = Literal[
    "school_clinic", "village_clinic", "township_hospital", "county_hospital",
    "maternal_child_hospital", "disease_control", "volunteer_team", "home", "other",
]  # fmt: skip


@kind("health_check", "Health check", ledger=True, publishes=("follow_up_due",))
class HealthCheckDone(Record):
    """The child was examined."""

    provider: Provider
    abnormal: bool
    height_mm: HeightMm | None = None
    weight_g: WeightG | None = None
    vision_left: Vision | None = None
    vision_right: Vision | None = None
    items: Annotated[
        tuple[
            Literal[
                "growth", "vision", "hearing", "teeth", "heart_lungs", "spine", "skin", "blood",
                "nutrition", "mental_health",
            ],
            ...,
        ],
        Meta(max_length=10),
    ] = ()  # fmt: skip
    findings: Note | None = None
    follow_up_due: date | None = None

    def check(self, situation: Situation) -> None:
        if self.abnormal and self.findings is None:
            raise Implausible("findings", "an abnormal check says what was found")
        day_before(situation.env.occurred_on, self.follow_up_due, "follow_up_due")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "health.checked_on", entry.env.occurred_on
        yield "health.abnormal", self.abnormal
        yield "health.follow_up_due", self.follow_up_due
        for field in ("height_mm", "weight_g", "vision_left", "vision_right"):
            if (value := getattr(self, field)) is not None:
                yield f"health.{field}", value


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An illness, allergy or impairment the child has, or had."""

    condition: ShortNote
    ongoing: bool = True
    since: date | None = None


@kind("medical_history", "Medical history", publishes=())
class MedicalHistoryRecorded(Record):
    """What is known of the child's health so far; it replaces what was known before."""

    told_by: Literal["child", "guardian", "parent", "medical_record", "teacher"]
    conditions: Annotated[tuple[Condition, ...], Meta(max_length=20)] = ()
    allergies: ShortNote | None = None
    vaccinations: Literal["complete", "incomplete", "unknown"] = "unknown"
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        for condition in self.conditions:
            if condition.since is not None and condition.since > situation.today:
                raise Implausible("conditions", "a condition begins in the future")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "health.conditions", self.conditions or None
        yield "health.allergies", self.allergies
        yield "health.vaccinations", self.vaccinations


@kind("illness", "Illness", publishes=("severity",))
class IllnessReported(Record):
    """The child fell ill or was hurt."""

    severity: Literal["mild", "moderate", "severe", "emergency"]
    reported_by: Literal["child", "guardian", "parent", "teacher", "mentor", "other"]
    symptoms: Note
    parents_informed: bool = False
    away_from_school: bool = False

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"health.illnesses.{entry.record_id}", {"state": "reported"}


@kind("treatment", "Treatment", publishes=("next_on",))
class TreatmentProvided(Record):
    """The child was treated, for an illness on file or on its own."""

    provider: Provider
    outcome: Literal["recovered", "improving", "ongoing", "in_hospital", "referred"]
    illness: UUID | None = None
    accompanied_by: Literal["guardian", "parent", "teacher", "mentor", "nobody", "other"] | None = (
        None
    )
    cost_fen: Fen | None = None
    paid_by: Payer | Literal["family", "health_insurance"] | None = None
    next_on: date | None = None
    diagnosis: Note | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.next_on, "next_on")
        if self.illness is not None:
            referred(situation, self.illness, IllnessReported)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        if self.illness is not None:
            state = None if self.outcome == "recovered" else {"state": self.outcome}
            yield f"health.illnesses.{self.illness}", state
