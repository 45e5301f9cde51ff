"""Who needs particular attention and why, in words that do not label the child."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.fields import ShortNote
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import not_before_fact
from services.casefile.domain.refusals import Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation

Criterion = Literal[
    "study_slipping", "personality_at_risk", "conduct_at_risk", "law_at_risk", "poverty",
    "learning_difficulty", "behaviour_support", "hardship", "emotional_distress", "other",
]  # fmt: skip
Criteria = Annotated[tuple[Criterion, ...], Meta(min_length=1, max_length=10)]
CertificateNo = Annotated[str, personal(DataClass.IDENTITY, min_length=4, max_length=40)]


@kind(
    "priority",
    "Particular attention",
    publishes=("supporter", "review_due"),
)
class PriorityDesignated(Record):
    """The child gets particular attention from a named member of staff."""

    criteria: Criteria
    supporter: StaffId
    reason: ShortNote | None = None
    review_due: date | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.review_due, "review_due")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        designated = {"criteria": self.criteria, "staff": self.supporter}
        yield "level.priority", designated | {"review_due": self.review_due}


@kind("priority_end", "Particular attention ended", publishes=("outcome",))
class PriorityLifted(Record):
    """The child no longer needs particular attention."""

    outcome: Literal["improved", "handled_otherwise", "designated_in_error"]
    reason: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        if situation.fact("level.priority") is None:
            raise NotOnFile("particular attention")
        not_before_fact(situation, "level.priority")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "level.priority", None


@kind("special_status", "Special status", publishes=())
class SpecialStatusRecorded(Record):
    """A status that the child has, or no longer has, and what it rests on."""

    special_status: Literal[
        "orphan", "orphan_in_community", "de_facto_unsupported", "single_parent",
        "parents_divorced", "disabled", "migrating_with_parents", "needs_study_support",
    ]  # fmt: skip
    holds: bool
    basis: Literal[
        "certificate", "civil_affairs_list", "court_paper", "household_register", "school_record",
        "statement",
    ]  # fmt: skip
    certificate_no: CertificateNo | None = None
    disability_grade: Annotated[int, Meta(ge=1, le=4)] | None = None

    def check(self, situation: Situation) -> None:
        if self.disability_grade is not None and self.special_status != "disabled":
            raise Implausible("disability_grade", "belongs to the status disabled")
        if not self.holds and situation.fact(self._path) is None:
            raise NotOnFile("special status", special_status=self.special_status)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        held = {"basis": self.basis, "disability_grade": self.disability_grade}
        yield self._path, held if self.holds else None

    @property
    def _path(self) -> str:
        return f"child.special.{self.special_status}"
