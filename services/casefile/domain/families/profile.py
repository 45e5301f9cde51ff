"""What is known of the child and how she and hers are reached: the profile and the contact card."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.fields import (
    Address,
    ChildPhone,
    GuardianName,
    GuardianPhone,
    GuardianText,
    OtherPhone,
    ShortNote,
)
from services.casefile.domain.families.guardianship import Relation
from services.casefile.domain.filled import filled, stated
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import Implausible, NotOnFile
from services.casefile.domain.situation import Situation

# GB/T 3304: 01 to 56, 97 other, 98 naturalised.
Ethnicity = Annotated[str, Meta(pattern=r"^(0[1-9]|[1-4]\d|5[0-6]|97|98)$")]
GuardianAge = Annotated[int, personal(DataClass.GUARDIAN, ge=1, le=120)]
REACHED_AT = ("child_phone", "home_phone", "home_address")
STAFF_PHONES = ("class_teacher_phone", "mentor_phone")
PEOPLE = ("father", "mother", "guardian", "second_guardian")


class ParentCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A parent on the contact card."""

    name: GuardianName | None = None
    phone: GuardianPhone | None = None
    address: GuardianText | None = None
    work_place: GuardianText | None = None
    work_unit: GuardianText | None = None
    away_since: date | None = None


class GuardianCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A guardian on the contact card, or the one the parents entrusted the child to."""

    name: GuardianName
    relation: Relation | None = None
    is_entrusted: bool | None = None
    occupation: GuardianText | None = None
    address: GuardianText | None = None
    phone: GuardianPhone | None = None
    health: GuardianText | None = None
    age: GuardianAge | None = None


@kind("profile", "Profile", publishes=())
class ProfileRecorded(Record):
    """What is known of the child; what is left out stays as it was."""

    character: ShortNote | None = None
    interests: ShortNote | None = None
    hobbies: ShortNote | None = None
    study: ShortNote | None = None
    conduct: ShortNote | None = None
    psychology: ShortNote | None = None
    self_care: Literal["independent", "with_help", "dependent"] | None = None
    health: ShortNote | None = None
    medical_history: ShortNote | None = None
    family: GuardianText | None = None
    hukou: Literal["agricultural", "non_agricultural", "unregistered"] | None = None
    hukou_place: Address | None = None
    ethnicity: Ethnicity | None = None
    siblings: Annotated[int, Meta(ge=0, le=20)] | None = None
    home_address: Address | None = None

    def check(self, situation: Situation) -> None:
        if not filled(self):
            raise Implausible("character", "a profile says at least one thing")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        elsewhere = ("family", "health", "medical_history")
        own = [name for name in self.__struct_fields__ if name not in elsewhere]
        yield from stated("child", self, own)
        yield from stated("home", self, ("family",))
        yield from stated("health", self, ("medical_history",))
        if self.health is not None:
            yield "health.summary", self.health


@kind("contact_card", "Contact card", ledger=True, publishes=("outcome",))
class ContactCardVerified(Record):
    """The contact card was gone through with somebody; what is left out stays as it was."""

    verified_with: Annotated[
        tuple[Literal["child", "guardian", "father", "mother", "neighbour", "village"], ...],
        Meta(min_length=1, max_length=6),
    ]
    outcome: Literal["first", "changed", "unchanged"]
    child_phone: ChildPhone | None = None
    home_phone: ChildPhone | None = None
    home_address: Address | None = None
    father: ParentCard | None = None
    mother: ParentCard | None = None
    guardian: GuardianCard | None = None
    second_guardian: GuardianCard | None = None
    class_teacher_phone: OtherPhone | None = None
    mentor_phone: OtherPhone | None = None

    def check(self, situation: Situation) -> None:
        says = filled(self, (*REACHED_AT, *PEOPLE, *STAFF_PHONES))
        if self.outcome == "unchanged" and situation.fact("contact_card.verified_with") is None:
            raise NotOnFile("contact card")
        if self.outcome != "unchanged" and not says:
            raise Implausible("outcome", "a new or changed card says at least one thing")
        _refuse_away_later(situation, father=self.father, mother=self.mother)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "contact_card.verified_with", self.verified_with
        yield from stated("child", self, REACHED_AT)
        yield from stated("contact_card", self, STAFF_PHONES)
        for path, person in zip(
            ("parents.father", "parents.mother", "guardian", "guardian.second"),
            (self.father, self.mother, self.guardian, self.second_guardian),
            strict=True,
        ):
            yield from stated(path, person) if person is not None else ()


def _refuse_away_later(situation: Situation, **parents: ParentCard | None) -> None:
    for name, parent in parents.items():
        since = parent.away_since if parent is not None else None
        if since is not None and since > situation.env.occurred_on:
            raise Implausible(f"{name}.away_since", "later than the day of the card")
