"""Where the child stands with school: on the register or dropping out, boarding or a day pupil."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import UnitId
from services.casefile.domain.families.fields import Note
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import Implausible, NotOnFile
from services.casefile.domain.situation import Situation

AWAY_FROM_SCHOOL = ("suspected_dropout", "dropped_out", "suspended")


@kind(
    "boarding",
    "Boarding or day pupil",
    ledger=True,
    publishes=("boarding", "goes_home"),
)
class BoardingStatusChanged(Record):
    """The child boards from now on, or goes home every day."""

    boarding: Literal["boarding", "day_pupil"]
    goes_home: Literal["weekly", "fortnightly", "monthly", "term_end"] | None = None

    def check(self, situation: Situation) -> None:
        if self.boarding == "day_pupil" and self.goes_home is not None:
            raise Implausible("goes_home", "a day pupil goes home every day")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "school.boarding", self.boarding
        yield "school.goes_home", self.goes_home


@kind(
    "school_status",
    "School status",
    publishes=("status", "school"),
)
class SchoolStatusChanged(Record):
    """The child was enrolled, stays away, dropped out, came back, changed school or left it."""

    status: Literal[
        "enrolled", "suspected_dropout", "dropped_out", "suspended", "returned", "transferred",
        "taught_at_home", "graduated", "not_yet_of_age",
    ]  # fmt: skip
    school: UnitId | None = None
    absent_since: date | None = None
    reason: (
        Literal[
            "illness", "disability", "poverty", "work", "weary_of_study", "family_care", "moved",
            "early_marriage", "unknown", "other",
        ]
        | None
    ) = None  # fmt: skip
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if self.status == "returned" and situation.fact("school.status") not in AWAY_FROM_SCHOOL:
            raise NotOnFile("absence from school")
        if self.status == "suspected_dropout" and self.absent_since is None:
            raise Implausible("absent_since", "say since when the child has been absent")
        if self.absent_since is not None and self.absent_since > situation.env.occurred_on:
            raise Implausible("absent_since", "later than the day of the record")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        away = self.status in AWAY_FROM_SCHOOL
        yield "school.status", self.status
        yield "school.absent_since", (self.absent_since or entry.occurred_on) if away else None
        yield "school.absence_reason", self.reason if away else None
