"""Units and their place: registered, renamed, moved under another, closed. Names are public."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import PublicId, UnitId
from services.casefile.domain.families.case import Grade
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import AlreadyOnFile, Implausible, NotOnFile
from services.casefile.domain.situation import Situation
from services.casefile.domain.staff_posts import UnitThen, unit_on

UnitKind = Literal[
    "county", "township", "village", "school", "class", "home", "station", "bureau",
    "protection_centre", "social_organisation",
]  # fmt: skip
UnitName = Annotated[str, Meta(min_length=1, max_length=80)]
DivisionCode = Annotated[str, Meta(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]
WITHOUT_PARENT = ("county", "bureau", "social_organisation")


@kind(
    "unit_registration",
    "Unit registered",
    stream="unit",
    recordable=False,
    publishes=("code", "unit_name", "unit_kind", "valid_from", "parent"),
)
class UnitRegistered(Record):
    """A unit exists from a day on, with its name as it is written officially."""

    code: PublicId
    unit_name: UnitName
    unit_kind: UnitKind
    valid_from: date
    parent: UnitId | None = None
    division: DivisionCode | None = None
    grade: Grade | None = None
    titles: Annotated[
        tuple[Literal["demonstration_school", "parents_school", "boarding_school"], ...],
        Meta(max_length=3),
    ] = ()

    def check(self, situation: Situation) -> None:
        if situation.fact("unit.code") is not None:
            raise AlreadyOnFile("unit", unit=self.code)
        if self.parent == self.code:
            raise Implausible("parent", "a unit does not belong to itself")
        if self.parent is None and self.unit_kind not in WITHOUT_PARENT:
            raise Implausible("parent", "a unit of this kind belongs to another one")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "unit.code", self.code
        yield "unit.kind", self.unit_kind
        yield "unit.valid_from", self.valid_from
        yield "unit.division", self.division
        yield "unit.grade", self.grade
        yield "unit.titles", self.titles or None
        yield f"unit_names.{self.valid_from}", self.unit_name
        yield f"unit_parents.{self.valid_from}", self.parent


@kind(
    "unit_renaming",
    "Unit renamed",
    stream="unit",
    recordable=False,
    publishes=("unit_name", "valid_from"),
)
class UnitRenamed(Record):
    """The unit has another name from a day on."""

    unit_name: UnitName
    valid_from: date

    def check(self, situation: Situation) -> None:
        if existing(situation, self.valid_from).name == self.unit_name:
            raise Implausible("unit_name", "that is its name already")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"unit_names.{self.valid_from}", self.unit_name


@kind(
    "unit_move",
    "Unit moved",
    stream="unit",
    recordable=False,
    publishes=("parent", "valid_from"),
)
class UnitMoved(Record):
    """The unit belongs to another one from a day on."""

    parent: UnitId
    valid_from: date

    def check(self, situation: Situation) -> None:
        if self.parent == existing(situation, self.valid_from).code:
            raise Implausible("parent", "a unit does not belong to itself")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"unit_parents.{self.valid_from}", self.parent


@kind(
    "unit_closure",
    "Unit closed",
    stream="unit",
    recordable=False,
    publishes=("last_day", "successor"),
)
class UnitClosed(Record):
    """The unit no longer exists after a day; what it did stays."""

    last_day: date
    reason: Literal["dissolved", "merged", "graduated", "registered_in_error"]
    successor: UnitId | None = None

    def check(self, situation: Situation) -> None:
        unit = existing(situation, self.last_day)
        if self.successor == unit.code:
            raise Implausible("successor", "a unit does not follow itself")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "unit.closed_from", self.last_day + timedelta(days=1)
        yield "unit.successor", self.successor


class UnitRecord(Record):
    """What a unit did, on a day it existed."""

    def check(self, situation: Situation) -> None:
        existing(situation, situation.env.occurred_on)


def existing(situation: Situation, day: date) -> UnitThen:
    """The unit as it stood on a day, or a refusal if it did not exist."""
    unit = unit_on(situation.facts, day)
    if unit is None:
        raise NotOnFile("unit", day=day.isoformat())
    return unit
