"""Care given to the child in person: counselling, listening, company, a place to stay."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.codes import Occasion
from services.casefile.domain.families.fields import Address, Minutes, Mood, Note, OtherName
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation


@kind(
    "counselling",
    "Counselling session",
    contact="child",
    private="What happens in counselling is for the counsellor.",
)
class CounsellingSessionHeld(Record):
    """A session with a counsellor; what was said is for the counsellor."""

    setting: Literal["counselling_room", "classroom", "home", "hotline", "online", "elsewhere"]
    approach: Literal["individual", "family", "small_group"] = "individual"
    minutes: Minutes | None = None
    concern: Literal["none", "watch", "refer_on"] = "none"
    next_on: date | None = None
    restricted_note: Note | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.next_on, "next_on")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "health.counselling_next_on", self.next_on


@kind(
    "child_voice",
    "Child's voice",
    private="What a child confides stays with whom she confided it to.",
)
class ChildVoiceReceived(Record):
    """Something the child confided, through the whisper mailbox or another way."""

    channel: Literal["mailbox", "hotline", "online", "in_person", "drawing", "questionnaire"]
    words: Note
    suspects_harm: bool = False
    answered_on: date | None = None
    answer: Note | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.answered_on, "answered_on")


@kind(
    "companionship",
    "Companionship",
    contact="child",
    ledger=True,
    publishes=("form", "companion"),
)
class CompanionshipProvided(Record):
    """Somebody spent time with the child."""

    form: Literal["meal", "outing", "play", "homework", "shopping", "celebration", "care", "other"]
    companion: Literal["mentor", "teacher", "caring_parent", "volunteer", "peer", "cadre"]
    occasion: Occasion | None = None
    minutes: Minutes | None = None
    note: Note | None = None


@kind("diary", "Care diary entry", ledger=True, publishes=())
class CareDiaryEntryAdded(Record):
    """A line in the diary that a teacher keeps of her care for the child."""

    text: Note
    tags: Annotated[
        tuple[Literal["moral", "emotional", "behaviour", "daily_life", "growth"], ...],
        Meta(max_length=5),
    ] = ()
    mood: Mood | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        if self.mood is not None:
            yield "child.mood", self.mood


@kind(
    "host_stay",
    "Host stay",
    contact="child",
    publishes=("nights", "host_staff"),
)
class HostStayProvided(Record):
    """The child was the guest of a family, who were vetted, with her guardian's consent."""

    host_relation: Literal["teacher", "caring_parent", "classmates_family", "neighbour", "cadre"]
    host_vetted_on: date
    nights: Annotated[int, Meta(ge=0, le=30)]
    adults: Annotated[int, Meta(ge=1, le=10)]
    host_staff: StaffId | None = None
    host_name: OtherName | None = None
    occasion: Occasion | None = None
    address: Address | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if self.host_vetted_on > situation.env.occurred_on:
            raise Implausible("host_vetted_on", "a host is vetted before the child stays")
        if not _is_allowed(situation):
            raise NotOnFile("consent", purpose="host_stay")


@kind(
    "tutoring",
    "Tutoring",
    publishes=("subject", "tutor"),
)
class TutoringGiven(Record):
    """Help with school work."""

    subject: Literal["chinese", "mathematics", "english", "science", "homework", "other"]
    minutes: Minutes | None = None
    tutor: Literal["teacher", "mentor", "volunteer", "peer"] = "teacher"
    place: Literal["school", "home", "activity_home", "online", "elsewhere"] = "school"
    note: Note | None = None


def _is_allowed(situation: Situation) -> bool:
    consent = situation.fact("consents.host_stay")
    if consent is None or consent["state"] != "given":
        return False
    until = consent.get("valid_until")
    return until is None or situation.env.occurred_on <= until
