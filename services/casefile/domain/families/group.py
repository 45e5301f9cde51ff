"""Sessions with many: held once, in a stream of their own, and credited to each child present."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId, UnitId
from services.casefile.domain.families.codes import Topic
from services.casefile.domain.families.fields import Code, Minutes, Note
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import AlreadyOnFile, Implausible
from services.casefile.domain.situation import Situation

SessionKind = Literal[
    "forum", "gathering", "guardian_meeting", "parents_meeting", "returning_parents_meeting",
    "class_meeting", "guardian_training", "training", "lecture", "family_education_class",
    "psychology_class", "safety_class", "interest_group", "home_session", "social_practice",
    "outing", "birthday_party", "film", "reading", "broadcast", "festival", "activity",
]  # fmt: skip
Children = Annotated[tuple[UUID, ...], Meta(max_length=3000)]


@kind(
    "group_session",
    "Group session",
    stream="group",
    recordable=False,
    publishes=("session_kind", "unit", "minutes"),
)
class GroupSessionHeld(Record):
    """A session took place; it says which children came, which did not, and whose guardians came."""

    session_kind: SessionKind
    unit: UnitId
    present: Children
    absent: Children = ()
    guardians_present: Annotated[int, Meta(ge=0, le=5000)] = 0
    guardians_of: Children = ()
    minutes: Minutes | None = None
    title: Code | None = None
    topics: Annotated[tuple[Topic, ...], Meta(max_length=10)] = ()
    on_duty: Annotated[tuple[StaffId, ...], Meta(max_length=20)] = ()
    roll_called: bool = False
    collected_by_guardian: bool | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if situation.fact("session") is not None:
            raise AlreadyOnFile("session")
        if not self.present and not self.guardians_present:
            raise Implausible("present", "nobody was there")
        if self.guardians_of and not self.guardians_present:
            raise Implausible("guardians_present", "guardians came, so say how many")
        for field in ("present", "absent", "guardians_of"):
            children = getattr(self, field)
            if len(set(children)) < len(children):
                raise Implausible(field, "a child is named twice")
        if not set(self.present).isdisjoint(self.absent):
            raise Implausible("absent", "a child is either present or absent")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "session", {"session_kind": self.session_kind, "unit": self.unit}
        yield "present", len(self.present)
        yield "absent", len(self.absent)


@kind(
    "group_attendance",
    "Group session attended",
    contact="child",
    recordable=False,
    publishes=("session_kind", "session"),
)
class GroupSessionAttended(Record):
    """The child was there; the session itself is in the stream it names."""

    session_kind: SessionKind
    session: UUID
    title: Code | None = None
    minutes: Minutes | None = None
