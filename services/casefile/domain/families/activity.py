"""What the child took part in beside lessons, and her birthday."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import UnitId
from services.casefile.domain.families.fields import Minutes, Note, ShortNote
from services.casefile.domain.record import Record, kind


@kind(
    "activity",
    "Activity",
    publishes=("activity", "part"),
)
class ActivityParticipated(Record):
    """The child took part in an activity."""

    activity: Literal[
        "sport", "music", "arts", "calligraphy_or_painting", "reading", "speech", "labour",
        "science", "interest_group", "outing", "social_practice", "festival", "good_deed",
        "hand_in_hand", "summer_camp", "talent_show", "competition", "other",
    ]  # fmt: skip
    title: ShortNote | None = None
    part: Literal["took_part", "organised", "performed", "competed"] = "took_part"
    venue: UnitId | None = None
    minutes: Minutes | None = None
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"activities.{self.activity}", entry.occurred_on


@kind("birthday", "Birthday celebrated", publishes=())
class BirthdayCelebrated(Record):
    """Somebody remembered the child's birthday."""

    ways: Annotated[
        tuple[
            Literal["card", "wishes", "gift", "cake", "party", "joint_party", "call_home"], ...
        ],
        Meta(min_length=1, max_length=7),
    ]  # fmt: skip
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "child.birthday_celebrated", entry.occurred_on
