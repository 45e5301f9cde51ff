"""What came of a year's work for those who did it: assessments of staff, and commendations.

A child's own honours are awards, in the family of the school.
"""

from collections.abc import Iterable
from typing import Any, Literal

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.budget import Year
from services.casefile.domain.families.codes import HonourOccasion
from services.casefile.domain.families.fields import ShortNote
from services.casefile.domain.families.organisation import UnitRecord
from services.casefile.domain.families.staff import StaffNote, StaffRecord
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import Implausible
from services.casefile.domain.situation import Situation

Level = Literal["village", "school", "township", "county", "city", "province", "nation"]


@kind(
    "staff_assessment",
    "Assessment of staff",
    stream="staff",
    private="Concerns a member of staff, not a child.",
)
class StaffAssessed(StaffRecord):
    """The work of a year was judged, by whoever it falls to."""

    year: Year
    outcome: Literal["excellent", "competent", "basically_competent", "incompetent"]
    assessed_by: Literal["village", "school", "township", "county_civil_affairs", "county"]
    note: StaffNote | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if self.year > situation.env.occurred_on.year:
            raise Implausible("year", "later than the day of the record")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"staff_assessments.{self.year}",
            {"outcome": self.outcome, "assessed_by": self.assessed_by},
        )


@kind(
    "commendation",
    "Commendation",
    stream="staff",
    publishes=("honour", "awarded_by", "occasion"),
)
class StaffCommended(StaffRecord):
    """A member of staff, a mentor or a volunteer was honoured."""

    honour: Literal[
        "ten_best", "excellent_teacher", "excellent_class_teacher", "excellent_child_director",
        "excellent_mentor", "caring_person", "advanced_worker", "other",
    ]  # fmt: skip
    awarded_by: Level
    occasion: HonourOccasion
    note: StaffNote | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"commendations.{entry.record_id}", honoured(self)


@kind(
    "unit_commendation",
    "Commendation of a unit",
    stream="unit",
    publishes=("honour", "awarded_by", "occasion"),
)
class UnitCommended(UnitRecord):
    """A class, a school, a home or another unit was honoured."""

    honour: Literal["advanced_class", "advanced_unit", "excellent_home", "other"]
    awarded_by: Level
    occasion: HonourOccasion

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"commendations.{entry.record_id}", honoured(self)


@kind(
    "guardian_commendation",
    "Commendation of a guardian or mentor",
    publishes=("whom", "honour", "awarded_by", "occasion"),
)
class GuardianCommended(Record):
    """Whoever looks after the child, or stands by her, was honoured for it."""

    whom: Literal["guardian", "mentor"]
    honour: Literal["ten_best", "excellent_guardian", "excellent_mentor", "caring_person", "other"]
    awarded_by: Level
    occasion: HonourOccasion
    note: ShortNote | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"commendations.{entry.record_id}", {"whom": self.whom, **honoured(self)}


def honoured(rec: StaffCommended | UnitCommended | GuardianCommended) -> dict[str, Any]:
    return {"honour": rec.honour, "awarded_by": rec.awarded_by, "occasion": rec.occasion}
