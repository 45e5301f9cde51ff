"""Staff, by pseudonymous id: posts, appointments, duties, training, vetting. No names here."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import PublicId, UnitId
from services.casefile.domain.families.codes import StaffRole
from services.casefile.domain.families.fields import Code, Minutes
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import AlreadyOnFile, Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation
from services.casefile.domain.staff_posts import post_on

StaffNote = Annotated[str, personal(DataClass.STAFF, min_length=1, max_length=400)]
MentorKind = Literal[
    "teacher", "proxy_parent", "cadre", "volunteer", "social_worker", "elder", "neighbour"
]
FROM_OUTSIDE = ("proxy_parent", "volunteer", "elder", "neighbour")


@kind(
    "staff_registration",
    "Staff registered",
    stream="staff",
    recordable=False,
    publishes=("staff", "role", "unit", "starts_on"),
)
class StaffRegistered(Record):
    """Somebody works here from a day on, in a role and for a unit."""

    staff: PublicId
    role: StaffRole
    unit: UnitId
    starts_on: date

    def check(self, situation: Situation) -> None:
        if situation.fact("staff.id") is not None:
            raise AlreadyOnFile("staff", staff=self.staff)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "staff.id", self.staff
        yield f"posts.{self.starts_on}", {"role": self.role, "unit": self.unit}


class StaffRecord(Record):
    """What concerns a registered member of staff."""

    def check(self, situation: Situation) -> None:
        if situation.fact("staff.id") is None:
            raise NotOnFile("staff")


@kind(
    "staff_move",
    "Staff moved",
    stream="staff",
    recordable=False,
    publishes=("role", "unit", "starts_on"),
)
class StaffMoved(StaffRecord):
    """Another role or another unit from a day on; also a return after having left."""

    role: StaffRole
    unit: UnitId
    starts_on: date

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"posts.{self.starts_on}", {"role": self.role, "unit": self.unit}


@kind("staff_departure", "Staff left", stream="staff", recordable=False, publishes=("last_day",))
class StaffLeft(StaffRecord):
    """The last day of a post, with none after it."""

    last_day: date
    reason: Literal["resigned", "retired", "moved_away", "term_ended", "dismissed", "died"]

    def check(self, situation: Situation) -> None:
        if post_on(situation.facts, self.last_day) is None:
            raise NotOnFile("post", day=self.last_day.isoformat())

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"posts.{self.last_day + timedelta(days=1)}", {"role": None, "unit": None}


@kind(
    "mentor_appointment",
    "Mentor appointed",
    stream="staff",
    publishes=("mentor_kind", "starts_on", "max_children", "ends_on"),
)
class MentorAppointed(StaffRecord):
    """May be paired with children, up to a number; people from outside are vetted first."""

    mentor_kind: MentorKind
    starts_on: date
    local_title: (
        Literal["caring_mother", "caring_father", "caring_parent", "guide", "counsellor"] | None
    ) = None
    max_children: Annotated[int, Meta(ge=1, le=50)] = 3
    ends_on: date | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(self.starts_on, self.ends_on, "ends_on")
        if self.mentor_kind in FROM_OUTSIDE and not is_cleared(situation, self.starts_on):
            raise NotOnFile("vetting")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            "mentor",
            {
                "mentor_kind": self.mentor_kind,
                "starts_on": self.starts_on,
                "ends_on": self.ends_on,
                "max_children": self.max_children,
            },
        )


@kind(
    "duty_agreement",
    "Duty agreement signed",
    stream="staff",
    publishes=("role", "valid_until"),
)
class DutyAgreementSigned(StaffRecord):
    """Somebody put their name to the duties of a role."""

    role: StaffRole
    clauses: Annotated[
        tuple[
            Literal[
                "moral_care", "study_care", "daily_life_care", "physical_care",
                "know_the_family", "know_conduct", "know_results", "know_habits",
                "regular_talks", "regular_visits", "report_danger", "no_discrimination",
                "confidentiality",
            ],
            ...,
        ],
        Meta(min_length=1, max_length=13),
    ]  # fmt: skip
    valid_until: date | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(situation.env.occurred_on, self.valid_until, "valid_until")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"duties.{self.role}", {"clauses": self.clauses, "valid_until": self.valid_until}


@kind(
    "worker_training",
    "Training",
    stream="staff",
    publishes=("training", "valid_until"),
)
class WorkerTrained(StaffRecord):
    """A training was attended, and perhaps passed."""

    training: Literal[
        "home_visits", "child_protection", "mandatory_reporting", "psychology", "records", "law",
        "first_aid", "family_education", "other",
    ]  # fmt: skip
    minutes: Minutes
    is_passed: bool | None = None
    certificate: Code | None = None
    valid_until: date | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(situation.env.occurred_on, self.valid_until, "valid_until")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        if self.is_passed is not False:
            yield (
                f"training.{self.training}",
                {"trained_on": entry.occurred_on, "valid_until": self.valid_until},
            )


@kind(
    "staff_vetting", "Vetting", stream="staff", private="Concerns a member of staff, not a child."
)
class StaffVetted(StaffRecord):
    """It was asked whether this person may be near children."""

    inquiry: Literal["offence_register", "criminal_record", "references", "interview"]
    outcome: Literal["clear", "pending", "not_clear"]
    valid_until: date | None = None
    remark: StaffNote | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if self.outcome != "clear" and self.valid_until is not None:
            raise Implausible("valid_until", "only a clear outcome is valid for a time")
        day_before(situation.env.occurred_on, self.valid_until, "valid_until")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"vetting.{self.inquiry}",
            {"outcome": self.outcome, "valid_until": self.valid_until},
        )


def is_cleared(situation: Situation, day: date) -> bool:
    """Whether an offence inquiry came back clear and still holds on that day."""
    inquiries = (situation.fact(f"vetting.{i}") for i in ("offence_register", "criminal_record"))
    found = [i for i in inquiries if i is not None]
    return any(i["outcome"] == "clear" for i in found) and all(holds(i, day) for i in found)


def holds(inquiry: dict[str, Any], day: date) -> bool:
    until = inquiry["valid_until"]
    return inquiry["outcome"] != "not_clear" and (until is None or day <= until)
