"""The rules that hold for a record of any kind, before its own check is asked."""

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import (
    CaseAlreadyClosed,
    CaseMergedAway,
    LateReasonRequired,
    OccurredBeforeBirth,
    OccurredInFuture,
)
from services.casefile.domain.situation import Situation

CHECKED_FOR_LATENESS = ("web", "mobile", "api")


def admit(kind: Kind, record: Record, situation: Situation) -> None:
    """Refuse the record, or return."""
    _happened(situation)
    _in_time(situation)
    if kind.stream == "case":
        _case_allows(kind, situation)
    record.check(situation)


def _happened(situation: Situation) -> None:
    day = situation.env.occurred_on
    if day > situation.today:
        raise OccurredInFuture
    if situation.born_on is not None and day < situation.born_on:
        raise OccurredBeforeBirth


def _in_time(situation: Situation) -> None:
    days = (situation.today - situation.env.occurred_on).days
    late = days > situation.entry_deadline_days
    if late and situation.env.source in CHECKED_FOR_LATENESS and not situation.env.late_reason:
        raise LateReasonRequired(days, situation.entry_deadline_days)


def _case_allows(kind: Kind, situation: Situation) -> None:
    if kind.declared.after_close:
        return
    status = situation.facts.get("status")
    if status is None or status.value == "open":
        return
    if status.value == "merged":
        raise CaseMergedAway
    if situation.env.occurred_on > status.since:
        raise CaseAlreadyClosed
