"""Who is there for the child: parents away or back, guardians named, entrusted and lost."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.fields import (
    Code,
    GuardianName,
    GuardianPhone,
    GuardianText,
    Note,
    ShortNote,
)
from services.casefile.domain.filled import filled
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import Implausible, OccurredInFuture, day_before
from services.casefile.domain.situation import Situation

Parent = Literal["father", "mother"]
Parents = Annotated[tuple[Parent, ...], Meta(min_length=1, max_length=2)]
Division = Annotated[str, Meta(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]
Relation = Literal[
    "father", "mother", "paternal_grandfather", "paternal_grandmother", "maternal_grandfather",
    "maternal_grandmother", "uncle_or_aunt", "sibling", "other_relative", "family_friend",
    "neighbour", "teacher", "institution", "other",
]  # fmt: skip
GuardianType = Literal["parent_single", "grandparent", "relative_friend", "institution", "none"]
BarredCheck = Literal["clear", "barred", "not_checked"]
AdultAge = Annotated[int, personal(DataClass.GUARDIAN, ge=1, le=120)]
WHEREABOUTS = ("away_since", "division", "work_place", "work", "expected_back")
GUARDIAN = ("name", "relation", "is_entrusted", "occupation", "address", "phone", "health", "age")
NAMED = ("name", "relation", "occupation", "address", "phone", "age")


@kind(
    "parent_absence",
    "Parent away or back",
    ledger=True,
    publishes=("parents", "movement", "expected_back"),
)
class ParentAbsenceRecorded(Record):
    """A parent left for work, came home for a while, or came back to stay."""

    parents: Parents
    movement: Literal["away", "visiting", "returned"]
    away_since: date | None = None
    division: Division | None = None
    work_place: GuardianText | None = None
    work: (
        Literal[
            "construction", "manufacturing", "services", "transport", "farming", "mining",
            "domestic_work", "trade", "other",
        ]
        | None
    ) = None  # fmt: skip
    expected_back: date | None = None

    def check(self, situation: Situation) -> None:
        if len(set(self.parents)) < len(self.parents):
            raise Implausible("parents", "names the same parent twice")
        if self.movement != "away" and filled(self, WHEREABOUTS):
            raise Implausible("movement", "where and since when belong to a parent who is away")
        if self.away_since is not None and self.away_since > situation.env.occurred_on:
            raise Implausible("away_since", "later than the day of the record")
        day_before(situation.env.occurred_on, self.expected_back, "expected_back")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        for parent in self.parents:
            for name, value in self._of_parent(entry.occurred_on):
                yield f"parents.{parent}.{name}", value

    def _of_parent(self, day: date) -> Iterable[tuple[str, Any]]:
        if self.movement == "visiting":
            return [("last_home", day)]
        if self.movement == "returned":
            gone = [(name, None) for name in WHEREABOUTS]
            return [("whereabouts", "home"), ("last_home", day), *gone]
        where = {name: getattr(self, name) for name in WHEREABOUTS}
        return [("whereabouts", "away"), *(where | {"away_since": self.away_since or day}).items()]


@kind(
    "guardian",
    "Guardian named",
    publishes=("guardian_type", "order"),
)
class GuardianDesignated(Record):
    """Who looks after the child from now on, as first or second guardian; or that nobody does."""

    guardian_type: GuardianType
    order: Literal["first", "second"] = "first"
    named_by: Literal["parents", "village", "school", "civil_affairs", "court"] = "parents"
    name: GuardianName | None = None
    relation: Relation | None = None
    age: AdultAge | None = None
    occupation: GuardianText | None = None
    address: GuardianText | None = None
    phone: GuardianPhone | None = None
    barred_check: BarredCheck = "not_checked"
    reason: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        if self.guardian_type == "none" and filled(self, NAMED):
            raise Implausible("guardian_type", "none, and yet somebody is described")
        if self.guardian_type != "none" and self.name is None:
            raise Implausible("name", "a guardian has a name")
        _refuse_unfit(self.barred_check, self.age, "age")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        prefix = "guardian" if self.order == "first" else "guardian.second"
        yield f"{prefix}.type", self.guardian_type
        yield f"{prefix}.barred_check", self.barred_check
        for name in GUARDIAN:
            yield f"{prefix}.{name}", getattr(self, name, None)
        if self.order == "first" and self.guardian_type != "none":
            yield "guardian.lost", None


@kind(
    "delegated_care",
    "Care entrusted",
    publishes=("starts_on", "ends_on"),
)
class DelegatedCareAgreed(Record):
    """The parents entrusted the child to an adult, and told school and village in writing."""

    parents: Parents
    delegate_name: GuardianName
    relation: Relation
    starts_on: date
    ends_on: date | None = None
    delegate_age: AdultAge | None = None
    delegate_phone: GuardianPhone | None = None
    barred_check: BarredCheck = "not_checked"
    child_was_heard: bool | None = None
    school_told_on: date | None = None
    village_told_on: date | None = None
    notice_no: Code | None = None

    def check(self, situation: Situation) -> None:
        if self.relation in ("father", "mother"):
            raise Implausible("relation", "a parent does not need to be entrusted")
        day_before(self.starts_on, self.ends_on, "ends_on")
        for name in ("school_told_on", "village_told_on"):
            if (told_on := getattr(self, name)) is not None and told_on > situation.today:
                raise OccurredInFuture(name)
        _refuse_unfit(self.barred_check, self.delegate_age, "delegate_age")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "guardian.delegation", filled(self)
        yield "guardian.delegated_by", self.parents


@kind("guardianship_loss", "Guardian lost", publishes=())
class GuardianshipLost(Record):
    """Nobody fulfils guardianship any more, and what was done at once."""

    cause: Literal[
        "parent_died", "parent_missing", "detained", "incapacitated", "duty_refused",
        "guardian_died", "guardian_left", "right_revoked", "other",
    ]  # fmt: skip
    interim_care: Literal[
        "relative", "neighbour", "school", "village", "civil_affairs", "shelter", "nobody"
    ]
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "guardian.type", "none"
        yield "guardian.lost", {"cause": self.cause, "interim_care": self.interim_care}
        yield "guardian.delegation", None
        for name in (*GUARDIAN, "barred_check"):
            yield f"guardian.{name}", None


def _refuse_unfit(barred_check: str, age: object, field: str) -> None:
    if barred_check == "barred":
        raise Implausible("barred_check", "the law bars this person from caring for a child")
    if isinstance(age, int) and age < 18:
        raise Implausible(field, "a child is entrusted to an adult only")
