"""An inspection from its opening to its close: over a scope, at a pinned cut, with samples by lot."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import UnitId
from services.casefile.domain.families.fields import Code
from services.casefile.domain.inspection_refusals import (
    FindingsOpen,
    InspectionAlreadyClosed,
    InspectionNotFound,
    SeedAlreadyUsed,
)
from services.casefile.domain.inspection_state import open_findings
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import (
    AlreadyOnFile,
    EndBeforeStart,
    Implausible,
    RecordIdTaken,
    day_before,
)
from services.casefile.domain.sampling import Count, Seed, Stratum
from services.casefile.domain.situation import Situation

# What is said about the work of people, sealed with the inspection's own key.
WorkNote = Annotated[str, personal(DataClass.STAFF, min_length=1, max_length=4000)]
Position = Annotated[int, Meta(ge=1)]
Moment = Annotated[datetime, Meta(tz=True)]
InspectionKind = Literal[
    "annual", "year_end", "term_end", "special", "spot_check", "complaint", "follow_up",
    "demonstration_assessment",
]  # fmt: skip
Basis = Literal[
    "protection_law", "target_responsibility", "annual_plan", "superior_order",
    "leading_group_decision", "complaint", "other",
]  # fmt: skip
StratifiedBy = Literal["none", "township", "school", "class_unit", "care_level"]


@kind(
    "inspection",
    "Inspection opened",
    stream="inspection",
    recordable=False,
    publishes=(
        "unit", "ordered_by", "inspection_kind", "basis", "starts_on", "ends_on", "since", "until",
        "announced_on", "as_of", "position",
    ),
)  # fmt: skip
class InspectionOpened(Record):
    """Files of a unit and all below it are inspected, as they stood at a pinned cut."""

    unit: UnitId
    ordered_by: UnitId
    inspection_kind: InspectionKind
    basis: Basis
    starts_on: date
    ends_on: date
    since: date
    until: date
    as_of: date
    position: Position
    known_at: Moment
    announced_on: date | None = None
    order_no: Code | None = None
    note: WorkNote | None = None

    def check(self, situation: Situation) -> None:
        if situation.fact("inspection.unit") is not None:
            raise AlreadyOnFile("inspection")
        if situation.records:
            raise RecordIdTaken
        day_before(self.starts_on, self.ends_on, "ends_on")
        day_before(self.since, self.until, "until")
        if self.as_of > situation.env.occurred_on:
            raise Implausible("as_of", "a day to come cannot be inspected")
        if self.since > self.as_of:
            raise Implausible("since", "it lies after the day up to which files are looked at")
        if self.announced_on is not None and self.announced_on > self.starts_on:
            raise Implausible("announced_on", "it lies after the first day of the inspection")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "inspection.state", "open"
        for field in (
            "unit", "ordered_by", "inspection_kind", "basis", "starts_on", "ends_on", "since", "until",
            "announced_on", "as_of", "known_at", "position",
        ):  # fmt: skip
            yield f"inspection.{field}", getattr(self, field)


class InspectionRecord(Record):
    """What is done in an inspection while it is open."""

    def check(self, situation: Situation) -> None:
        if existing(situation) == "closed":
            raise InspectionAlreadyClosed


@kind(
    "sample",
    "Sample drawn",
    stream="inspection",
    recordable=False,
    publishes=(
        "seed", "algorithm", "algorithm_version", "sample_size", "stratified_by", "population_size",
        "population_hash",
    ),
)  # fmt: skip
class SampleDrawn(InspectionRecord):
    """Cases were drawn by lot; anybody can draw them again with the seed and the population."""

    seed: Seed
    seed_source: Literal["announced", "dice", "lottery", "stock_index", "newspaper", "other"]
    algorithm: Literal["sha256-rank"]
    algorithm_version: Annotated[int, Meta(ge=1)]
    sample_size: Annotated[int, Meta(ge=1, le=5000)]
    population_size: Count
    population_hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    cases: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=5000)]
    stratified_by: StratifiedBy = "none"
    at_least_one: bool = False
    strata: Annotated[tuple[Stratum, ...], Meta(max_length=2000)] = ()

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if situation.fact(f"samples.{self.seed}") is not None:
            raise SeedAlreadyUsed(seed=self.seed)
        if len(set(self.cases)) != self.sample_size:
            raise Implausible("cases", "not as many cases as the size says")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"samples.{self.seed}",
            {"sample_size": self.sample_size, "population_size": self.population_size},
        )
        for case_id in self.cases:
            yield f"sampled.{case_id}", self.seed


@kind(
    "inspection_end",
    "Inspection closed",
    stream="inspection",
    recordable=False,
    exclusive=True,
    publishes=("outcome", "leaves_open"),
)
class InspectionClosed(InspectionRecord):
    """Nothing more is examined or found; findings that were left open can still be answered."""

    outcome: Literal["completed", "broken_off"]
    summary: WorkNote
    leaves_open: bool = False

    def check(self, situation: Situation) -> None:
        super().check(situation)
        left = open_findings(situation.facts)
        if left and not self.leaves_open:
            raise FindingsOpen(findings=len(left))

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "inspection.state", "closed"


def existing(situation: Situation) -> str:
    """The state of the inspection; whatever it does lies on or after the day it was opened."""
    opened = situation.facts.get("inspection.unit")
    if opened is None:
        raise InspectionNotFound
    if situation.env.occurred_on < opened.since:
        raise EndBeforeStart("occurred_on")
    state: str = situation.fact("inspection.state")
    return state
