"""The life of a file: opened, handed over, transferred, merged, closed, reopened, sealed by term."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId, UnitId
from services.casefile.domain.families.codes import StaffRole
from services.casefile.domain.families.fields import (
    ChildName,
    Code,
    Population,
    Sex,
    ShortNote,
    Term,
)
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import (
    CaseAlreadyClosed,
    CaseAlreadyOpen,
    Implausible,
    NotOnFile,
    OccurredBeforeBirth,
    RecordIdTaken,
)
from services.casefile.domain.situation import Situation

BirthDate = Annotated[date, personal(DataClass.IDENTITY)]
ResidentId = Annotated[str, personal(DataClass.IDENTITY, min_length=18, max_length=18)]
RegisterNo = Annotated[str, personal(DataClass.IDENTITY, min_length=4, max_length=32)]
Grade = Annotated[int, Meta(ge=-3, le=12)]
Definition = Literal[
    "state-council-2016", "both-parents-3-months", "both-parents-0-16", "either-parent"
]


class SealingKey(msgspec.Struct, frozen=True):
    """A key of this child, by its commitment: it says which key it was, not what it is."""

    key: str
    commitment: bytes


@kind(
    "keys",
    "Sealing keys provided",
    recordable=False,
    after_close=True,
    private="Says how personal fields are sealed; nobody outside has a use for it.",
)
class KeysProvisioned(Record):
    """From here on, personal fields of these classes are sealed with these keys."""

    keys: tuple[SealingKey, ...]

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        for key in self.keys:
            yield f"keys.{key.key}", key.commitment


@kind(
    "opening",
    "File opened",
    recordable=False,
    publishes=("population", "village", "school", "class_unit", "grade"),
)
class CaseOpened(Record):
    """The child is on file."""

    name: ChildName
    sex: Sex
    birth_date: BirthDate
    population: Population
    village: UnitId | None = None
    school: UnitId | None = None
    class_unit: UnitId | None = None
    grade: Grade | None = None
    resident_id: ResidentId | None = None
    school_register_no: RegisterNo | None = None
    definition: Definition = "state-council-2016"
    definition_version: Annotated[int, Meta(ge=1)] = 1
    found_by: Literal["survey", "school", "village", "report", "transfer", "ledger"] = "survey"
    birth_year: int | None = None
    paper_file: Code | None = None

    def check(self, situation: Situation) -> None:
        if "status" in situation.facts:
            raise CaseAlreadyOpen
        if "inspection.unit" in situation.facts:
            raise RecordIdTaken
        if self.village is None and self.school is None:
            raise Implausible("village", "a case needs a village or a school")
        if self.birth_date > situation.env.occurred_on:
            raise OccurredBeforeBirth("birth_date")
        if situation.env.occurred_on.year - self.birth_date.year > 18:
            raise Implausible("birth_date", "older than 18 when the file is opened")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "status", "open"
        yield "opened_on", entry.env.occurred_on
        for field in (
            "name", "sex", "birth_date", "birth_year", "resident_id", "school_register_no",
            "population", "village", "school", "class_unit", "grade",
        ):  # fmt: skip
            if (value := getattr(self, field)) is not None:
                yield f"child.{field}", value
        yield "definition", f"{self.definition}/{self.definition_version}"


@kind(
    "eligibility",
    "Eligibility determined",
    publishes=("population", "definition", "definition_version"),
)
class EligibilityDetermined(Record):
    """Under which definition, and since when, the child belongs to which population."""

    population: Population | Literal["neither"]
    definition: Definition
    definition_version: Annotated[int, Meta(ge=1)]
    basis: ShortNote | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "child.population", self.population
        yield "definition", f"{self.definition}/{self.definition_version}"


@kind(
    "transfer",
    "Transferred",
    exclusive=True,
    publishes=("reason", "village", "school", "class_unit", "grade"),
)
class CaseTransferred(Record):
    """The child belongs to another village, school or class from now on."""

    reason: Literal["moved", "school_change", "class_change", "grade_change", "correction"]
    village: UnitId | None = None
    school: UnitId | None = None
    class_unit: UnitId | None = None
    grade: Grade | None = None
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        if all(getattr(self, f) is None for f in ("village", "school", "class_unit", "grade")):
            raise Implausible("school", "a transfer names at least one new unit or grade")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        for field in ("village", "school", "class_unit", "grade"):
            if (value := getattr(self, field)) is not None:
                yield f"child.{field}", value


@kind(
    "handover",
    "Handed over",
    exclusive=True,
    publishes=("role", "from_staff", "to_staff", "to_unit"),
)
class CaseHandedOver(Record):
    """Responsibility passes from one member of staff to another; both have signed."""

    role: StaffRole
    from_staff: StaffId
    to_staff: StaffId
    to_unit: UnitId | None = None
    open_items: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        if self.from_staff == self.to_staff:
            raise Implausible("to_staff", "handed over to the same person")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"workers.{self.role}", {"staff": self.to_staff, "unit": self.to_unit}


@kind(
    "merge", "Merged into another case", recordable=False, exclusive=True, publishes=("survivor",)
)
class CaseMerged(Record):
    """This file and another are the same child; the other one lives on."""

    survivor: UUID
    reason: ShortNote

    def check(self, situation: Situation) -> None:
        _must_be_open(situation)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "status", "merged"
        yield "merged_into", str(self.survivor)


@kind("absorption", "Absorbed another case", recordable=False, publishes=("absorbed",))
class CaseAbsorbed(Record):
    """Another file of the same child was merged into this one."""

    absorbed: UUID

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"absorbed.{self.absorbed}", entry.env.occurred_on


@kind(
    "separation",
    "Separated from another case",
    recordable=False,
    after_close=True,
    publishes=("separated",),
)
class CaseSeparated(Record):
    """A file that had been merged into this one stands on its own again."""

    separated: UUID

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"absorbed.{self.separated}", None


@kind(
    "unmerge",
    "Merge undone",
    recordable=False,
    exclusive=True,
    after_close=True,
    publishes=("former_survivor",),
)
class CaseUnmerged(Record):
    """The merge was wrong: the file stands on its own again."""

    former_survivor: UUID
    reason: ShortNote

    def check(self, situation: Situation) -> None:
        if situation.fact("merged_into") != str(self.former_survivor):
            raise NotOnFile("merge", former_survivor=str(self.former_survivor))

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "status", "open"
        yield "merged_into", None


@kind("closure", "Closed", exclusive=True, publishes=())
class CaseClosed(Record):
    """The file is closed; what happened stays."""

    reason: Literal[
        "parent_returned", "moved_away", "aged_out", "adopted", "deceased", "opened_in_error",
        "no_longer_eligible",
    ]  # fmt: skip
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        _must_be_open(situation)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "status", "closed"
        yield "closed_for", self.reason


@kind("reopening", "Reopened", exclusive=True, after_close=True, publishes=())
class CaseReopened(Record):
    """The file is open again."""

    reason: ShortNote

    def check(self, situation: Situation) -> None:
        if situation.fact("status") != "closed":
            raise CaseAlreadyOpen

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "status", "open"
        yield "closed_for", None


@kind(
    "term_file",
    "Term file closed",
    publishes=("term", "complete"),
)
class TermFileClosed(Record):
    """The paper and records of a term are complete and filed."""

    term: Term
    complete: bool
    missing: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"term_files.{self.term}", {"complete": self.complete, "missing": self.missing}


def _must_be_open(situation: Situation) -> None:
    if situation.fact("status") != "open":
        raise CaseAlreadyClosed
