"""Contact with the family who are away or stand in for them: calls, letters, interviews."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.families.codes import Month, Occasion, Parents, Topic
from services.casefile.domain.families.fields import Code, Minutes, Note, ShortNote
from services.casefile.domain.families.safety import IncidentReported
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import Implausible
from services.casefile.domain.situation import Situation

Topics = Annotated[tuple[Topic, ...], Meta(max_length=10)]
Outcome = Literal["informed", "agreed", "undecided", "refused", "not_reached"]
Speaker = Literal["child", "father", "mother", "guardian", "teacher", "other"]


@kind(
    "family_call",
    "Family call",
    contact="parent",
    ledger=True,
    publishes=("mode", "connected", "initiated_by"),
)
class FamilyCallMade(Record):
    """A call between the child and her parents, or the try."""

    mode: Literal["phone", "video", "wechat"]
    connected: bool
    initiated_by: Literal["child", "parent", "guardian", "staff"]
    parties: Annotated[tuple[Speaker, ...], Meta(min_length=1, max_length=6)]
    line: Code | None = None
    minutes: Minutes | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if self.minutes is not None and not self.connected:
            raise Implausible("minutes", "a call that did not connect has no length")

    def reaches(self) -> bool:
        return self.connected and not {"father", "mother"}.isdisjoint(self.parties)


@kind(
    "parent_contact",
    "Parent contact",
    contact="parent",
    ledger=True,
    publishes=("mode", "outcome", "incident"),
)
class ParentContacted(Record):
    """Staff were in touch with a parent, about the child."""

    mode: Literal["letter", "phone", "video", "text_message", "message", "visit", "meeting"]
    parents: Parents
    outcome: Outcome
    topics: Topics = ()
    topic: ShortNote | None = None
    incident: UUID | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if self.incident is not None:
            referred(situation, self.incident, IncidentReported)

    def reaches(self) -> bool:
        return self.outcome != "not_reached"


@kind("parent_interview", "Parent interview", contact="parent", publishes=("occasion",))
class ParentInterviewHeld(Record):
    """A parent who came home was spoken with in person."""

    parents: Parents
    occasion: Occasion
    place: Literal["school", "home", "village", "elsewhere"] = "home"
    topics: Topics = ()
    agreed: Note | None = None
    note: Note | None = None


@kind(
    "parent_feedback",
    "Feedback to parents",
    contact="parent",
    publishes=("mode", "month"),
)
class ParentFeedbackSent(Record):
    """The parents were told how the child is doing."""

    parents: Parents
    mode: Literal["letter", "phone", "text_message", "message", "report_card"]
    topics: Annotated[tuple[Topic, ...], Meta(min_length=1, max_length=10)]
    month: Month | None = None
    content: Note | None = None


@kind(
    "guardian_contact",
    "Guardian contact",
    contact="guardian",
    ledger=True,
    publishes=("mode", "outcome", "feedback_given"),
)
class GuardianContacted(Record):
    """Staff were in touch with the guardian, and told what they saw."""

    mode: Literal["visit", "phone", "video", "message", "meeting"]
    outcome: Outcome
    feedback_given: bool = False
    topics: Topics = ()
    topic: ShortNote | None = None
    feedback: Note | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if self.feedback_given and not self.reaches():
            raise Implausible("feedback_given", "nobody was reached who could be told")

    def reaches(self) -> bool:
        return self.outcome != "not_reached"


@kind("letter", "Letter", contact="parent", ledger=True, publishes=("purpose",))
class LetterSent(Record):
    """A letter that keeps the family together, written by or to the child's parents."""

    purpose: Literal["family", "thanks", "report", "occasion"]
    writer: Literal["child", "father", "mother", "guardian", "teacher", "school"]
    addressee: Literal["father", "mother", "both_parents", "guardian", "child"]
    by_way_of: Literal["post", "by_hand", "email", "message"] = "post"
    occasion: Occasion | None = None
    topic: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        if self.writer == self.addressee:
            raise Implausible("addressee", "a letter goes to somebody else")
        if self.purpose == "occasion" and self.occasion is None:
            raise Implausible("occasion", "a letter for an occasion names it")

    def reaches(self) -> bool:
        parents = {"father", "mother", "both_parents"}
        return self.addressee in parents or self.writer in parents


@kind(
    "family_reunion",
    "Family reunion",
    contact="parent",
    publishes=("form", "days"),
)
class FamilyReunionHeld(Record):
    """Child and parents met, in person or on a screen set up for them."""

    form: Literal["in_person", "video"]
    parents: Parents
    occasion: Occasion | None = None
    place: Literal["home", "school", "activity_home", "parents_workplace", "elsewhere"] = "home"
    days: Annotated[int, Meta(ge=1, le=120)] | None = None
    arranged_by: Literal["family", "school", "village", "social_organisation"] = "family"
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if self.form == "video" and self.days is not None:
            raise Implausible("days", "a meeting on a screen is not counted in days")
