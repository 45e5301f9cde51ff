"""The child at school: results, awards, portfolio, pledges, letters, discipline, surveys."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.codes import HonourOccasion
from services.casefile.domain.families.fields import (
    Code,
    GuardianName,
    Note,
    ShortNote,
    Term,
)
from services.casefile.domain.families.instrument import (
    Answers,
    InstrumentVersion,
    refuse_item_answered_twice,
)
from services.casefile.domain.filled import filled
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import Implausible, day_before
from services.casefile.domain.situation import Situation

Place = Annotated[int, Meta(ge=1, le=5000)]
Attainment = Literal["excellent", "good", "fair", "weak"]


class SubjectResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The result in one subject; half marks exist."""

    subject: Literal[
        "chinese", "mathematics", "english", "physics", "chemistry", "biology", "history",
        "geography", "morality_and_law", "science", "sport", "music", "art", "other",
    ]  # fmt: skip
    mark: Annotated[float, Meta(ge=0, le=300, multiple_of=0.5)] | None = None
    full_mark: Annotated[int, Meta(ge=1, le=300)] | None = None
    attainment: Attainment | None = None


@kind("academic_result", "School result", ledger=True, publishes=("term",))
class AcademicResultRecorded(Record):
    """A result in a term; a rank says out of how many, or it says nothing."""

    term: Term
    exam: Literal["mid_term", "term_end", "monthly", "other"] = "term_end"
    rank: Place | None = None
    cohort_size: Place | None = None
    cohort: Literal["class", "grade"] = "class"
    attainment: Attainment | None = None
    subjects: Annotated[tuple[SubjectResult, ...], Meta(max_length=14)] = ()
    comment: Note | None = None

    def check(self, situation: Situation) -> None:
        if not filled(self, ("rank", "cohort_size", "attainment", "subjects")):
            raise Implausible("attainment", "a result says at least one thing")
        if (self.rank is None) != (self.cohort_size is None):
            raise Implausible("cohort_size", "a rank and the size of the cohort go together")
        if self.rank is not None and self.rank > (self.cohort_size or 0):
            raise Implausible("rank", "is larger than the cohort")
        if any((s.mark or 0) > (s.full_mark or 300) for s in self.subjects):
            raise Implausible("subjects", "a mark is higher than the full mark")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        result = filled(self, ("rank", "cohort_size", "cohort", "attainment"))
        yield f"school.results.{self.term}.{self.exam}", result


@kind("award", "Award", publishes=("award",))
class AwardReceived(Record):
    """The child was honoured."""

    award: Literal[
        "three_good_pupil", "progress", "good_conduct", "cadre", "study", "sport", "arts",
        "calligraphy_or_painting", "speech", "reading", "labour_skill", "science", "other",
    ]  # fmt: skip
    awarded_by: Literal["class", "school", "township", "county", "city", "province", "nation"]
    prize: Literal["first", "second", "third", "merit", "title"] | None = None
    title: ShortNote | None = None
    occasion: HonourOccasion | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        received = filled(self, ("award", "awarded_by", "prize", "occasion"))
        yield f"school.awards.{entry.record_id}", received


@kind("portfolio_item", "Portfolio item", publishes=("section",))
class PortfolioItemAdded(Record):
    """Something for the growth portfolio, attached or described."""

    section: Literal["study", "activity", "conduct", "feelings"]
    title: ShortNote
    appraisal: Note | None = None
    parents_told: bool = False

    def check(self, situation: Situation) -> None:
        if not situation.env.evidence and self.appraisal is None:
            raise Implausible("evidence", "a portfolio item is attached or described")


@kind("pledge", "Pledge signed", publishes=("term",))
class PledgeSigned(Record):
    """The child signed a pledge."""

    pledge: Literal["self_discipline", "no_swimming", "traffic", "internet", "no_bullying", "other"]
    term: Term | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"school.pledges.{self.pledge}", entry.occurred_on


@kind(
    "responsibility_letter",
    "Responsibility letter signed",
    publishes=("letter", "valid_until"),
)
class ResponsibilityLetterSigned(Record):
    """A parent or guardian signed for the child's safety."""

    letter: Literal["safety", "guardianship", "drowning", "traffic", "boarding", "other"]
    signed_by: Literal["father", "mother", "guardian"]
    signer_name: GuardianName | None = None
    valid_until: date | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.valid_until, "valid_until")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        signed = filled(self, ("signed_by", "valid_until"))
        yield f"school.letters.{self.letter}", signed


@kind("discipline", "Discipline", private="A label must not follow the child.")
class DisciplineRecorded(Record):
    """A breach of rules or law, and the measure taken."""

    breach: Literal[
        "absence", "school_rules", "fighting", "bullying", "damage", "theft", "law", "other"
    ]
    severity: Literal["minor", "serious"]
    measure: Literal["talk", "warning", "serious_warning", "demerit", "probation", "none"]
    parents_told: bool = False
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        breach = filled(self, ("breach", "severity", "measure"))
        yield f"school.discipline.{entry.record_id}", breach


@kind(
    "survey_response",
    "Survey response",
    publishes=("instrument", "instrument_version"),
)
class SurveyResponseRecorded(Record):
    """The child answered a questionnaire."""

    instrument: Code
    instrument_version: InstrumentVersion
    answers: Answers
    helped_by: Literal["nobody", "teacher", "guardian", "other"] = "nobody"

    def check(self, situation: Situation) -> None:
        if not self.answers:
            raise Implausible("answers", "a response answers at least one item")
        refuse_item_answered_twice(self.answers)
