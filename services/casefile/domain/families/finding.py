"""What an inspection finds wrong, the right to reply to it, what was put right, and the decision."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Envelope, StaffId, UnitId
from services.casefile.domain.families.inspection import InspectionRecord, WorkNote, existing
from services.casefile.domain.inspection_refusals import (
    FindingNotFound,
    FindingSettled,
    NotApart,
    NotHeardYet,
)
from services.casefile.domain.inspection_state import SETTLED, state_of
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation

FindingCode = Literal[
    "not_supported", "contradicted", "denied_by_guardian", "entered_afterwards", "copied",
    "contact_missed", "late_entry", "document_missing", "data_wrong", "money_not_delivered",
    "report_omitted", "file_missing", "privacy_breached", "procedure_not_followed", "other",
]  # fmt: skip
Severity = Literal["slight", "moderate", "serious"]


@kind(
    "finding",
    "Finding raised",
    stream="inspection",
    recordable=False,
    publishes=(
        "finding_code", "severity", "deadline", "reply_by", "case", "record", "worker", "unit",
    ),
)  # fmt: skip
class FindingRaised(InspectionRecord):
    """Something is wrong with a file, the work of somebody, or a unit, and is to be put right."""

    finding_code: FindingCode
    severity: Severity
    reply_by: date
    deadline: date
    text: WorkNote
    case: UUID | None = None
    record: UUID | None = None
    worker: StaffId | None = None
    unit: UnitId | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if self.case is None and self.worker is None and self.unit is None:
            raise Implausible("case", "it says neither which case nor whom nor which unit")
        if self.record is not None and self.case is None:
            raise Implausible("record", "a record is one of a case")
        day_before(situation.env.occurred_on, self.reply_by, "reply_by")
        day_before(self.reply_by, self.deadline, "deadline")
        if self.worker == situation.env.recorded_by.staff:
            raise NotApart

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        fields = (
            "finding_code",
            "severity",
            "reply_by",
            "deadline",
            "case",
            "record",
            "worker",
            "unit",
        )
        yield f"findings.{entry.record_id}", {name: getattr(self, name) for name in fields}


class OfFinding(Record):
    """What follows on a finding, also after the inspection is closed."""

    finding: UUID

    def check(self, situation: Situation) -> None:
        existing(situation)
        raised = situation.facts.get(f"findings.{self.finding}")
        if raised is None:
            raise FindingNotFound
        if state_of(situation.facts, str(self.finding)) in SETTLED:
            raise FindingSettled
        earlier = [raised, situation.facts.get(f"decided.{self.finding}")]
        if any(fact and situation.env.occurred_on < fact.since for fact in earlier):
            raise EndBeforeStart("occurred_on")


class AnswerToFinding(OfFinding):
    """What those concerned say or did; whoever raised the finding does not answer it."""

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if by(situation) & said_by(situation, f"findings.{self.finding}"):
            raise NotApart


@kind(
    "explanation",
    "Explanation given",
    stream="inspection",
    recordable=False,
    publishes=("finding",),
)
class ExplanationGiven(AnswerToFinding):
    """What those concerned say to it."""

    text: WorkNote

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"explained.{self.finding}", entry.record_id


@kind(
    "rectification",
    "Rectification recorded",
    stream="inspection",
    recordable=False,
    publishes=("finding", "measure"),
)
class RectificationRecorded(AnswerToFinding):
    """What was done to put it right; the inspection decides whether that is enough."""

    measure: Literal[
        "record_annulled", "record_corrected", "contact_made_good", "document_supplied",
        "money_paid", "report_filed", "staff_trained", "procedure_changed", "other",
    ]  # fmt: skip
    text: WorkNote

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"rectified.{self.finding}", self.measure


@kind(
    "finding_decision",
    "Finding decided",
    stream="inspection",
    recordable=False,
    publishes=("finding", "outcome"),
)
class FindingDecided(OfFinding):
    """It stands and is still to be put right, or was put right, or is withdrawn."""

    outcome: Literal["upheld", "rectified", "withdrawn"]
    text: WorkNote | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        self._be_apart(situation)
        raised = situation.fact(f"findings.{self.finding}")
        is_answered = situation.fact(f"explained.{self.finding}") is not None
        rectified = situation.fact(f"rectified.{self.finding}") is not None
        if self.outcome == "rectified" and not rectified:
            raise NotOnFile("rectification")
        time_is_left = situation.env.occurred_on <= raised["reply_by"]
        if self.outcome == "upheld" and not is_answered and not rectified and time_is_left:
            raise NotHeardYet(reply_by=raised["reply_by"].isoformat())

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"decided.{self.finding}", self.outcome

    def _be_apart(self, situation: Situation) -> None:
        """Nobody decides on what is about them, or on their own answer."""
        concerned = {situation.fact(f"findings.{self.finding}")["worker"]}
        if by(situation) & (concerned | answering(situation, self.finding)):
            raise NotApart


def by(situation: Situation) -> set[str]:
    """Who types it, and who stands behind it."""
    return authors_of(situation.env)


def said_by(situation: Situation, path: str) -> set[str]:
    fact = situation.facts.get(path)
    return set() if fact is None else authors_of(fact.entry.env)


def answering(situation: Situation, finding: UUID) -> set[str]:
    """Everybody who explained, or put something right."""
    answers = (e for e in situation.records.values() if is_answer(e.rec, finding))
    return {staff for entry in answers for staff in authors_of(entry.env)}


def is_answer(rec: Record, finding: UUID) -> bool:
    return isinstance(rec, AnswerToFinding) and rec.finding == finding


def authors_of(env: Envelope) -> set[str]:
    authors = (env.recorded_by, env.performed_by)
    return {author.staff for author in authors if author is not None}
