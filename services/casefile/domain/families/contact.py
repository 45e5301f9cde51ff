"""Contact with the child and at home: talks and visits, what the mission is about."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.fields import (
    Address,
    Minutes,
    Mood,
    Note,
    OtherName,
    ShortNote,
)
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import day_before
from services.casefile.domain.situation import Situation


class TalkDomains(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The five things a talk looks at, each with what was found."""

    study: ShortNote | None = None
    life: ShortNote | None = None
    emotion: ShortNote | None = None
    friendship: ShortNote | None = None
    body: ShortNote | None = None


class Visitor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Somebody who took part in a visit: staff by id, others by role and sealed name."""

    role: Literal["staff", "social_worker", "caring_parent", "cadre", "volunteer", "assistant"]
    staff: StaffId | None = None
    name: OtherName | None = None


@kind("talk", "Talk", contact="child", ledger=True, publishes=("place",))
class TalkHeld(Record):
    """A talk with the child."""

    place: Literal["school", "home", "activity_home", "online", "elsewhere"] = "school"
    minutes: Minutes | None = None
    domains: TalkDomains | None = None
    own_words: Note | None = None
    mood: Mood | None = None
    concerns: Note | None = None
    next_step: ShortNote | None = None
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        if self.mood is not None:
            yield "child.mood", self.mood


@kind("home_visit", "Home visit", contact="guardian", ledger=True, publishes=("met",))
class HomeVisitMade(Record):
    """A visit to the home, where somebody was met."""

    met: Annotated[
        tuple[Literal["child", "guardian", "parent", "neighbour", "other"], ...],
        Meta(min_length=1, max_length=5),
    ]
    address: Address | None = None
    visitors: Annotated[tuple[Visitor, ...], Meta(max_length=10)] = ()
    living: Literal["good", "fair", "poor"] | None = None
    hazards: Annotated[
        tuple[Literal["fire", "electricity", "water", "structure", "hygiene", "other"], ...],
        Meta(max_length=6),
    ] = ()
    feedback: Note | None = None
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        if self.living is not None:
            yield "home.living", self.living
        yield "home.hazards", self.hazards or None


@kind(
    "home_visit_attempt",
    "Attempted home visit",
    attempt_of="home_visit",
    ledger=True,
    publishes=("reason", "next_attempt_on"),
)
class HomeVisitAttempted(Record):
    """A visit to the home where nobody was met: an effort, not a contact."""

    reason: Literal[
        "nobody_home", "moved_away", "refused", "address_wrong", "road_blocked", "other"
    ]
    address: Address | None = None
    visitors: Annotated[tuple[Visitor, ...], Meta(max_length=10)] = ()
    left_word: bool = False
    next_attempt_on: date | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.next_attempt_on, "next_attempt_on")
