"""Flags: a person saw in the statistics something to ask about. The one it is about answers, a third
one decides. On the stream of that member of staff; no statistic raises a flag, and none decides."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.staff import StaffNote, StaffRecord
from services.casefile.domain.record import kind
from services.casefile.domain.refusals import Implausible, NotOnFile, Refused, day_before
from services.casefile.domain.situation import Situation

FlagRule = Literal[
    "late_share", "long_lag", "surge", "burst", "order", "gap", "regularity", "overlap",
    "narrative",
]  # fmt: skip
FlagState = Literal["open", "explained", "upheld", "dismissed"]
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]
STAFF_ONLY = "Concerns a member of staff, and is open until somebody has decided."
# Whoever is asked has so long to answer, before anything can be upheld.
DAYS_TO_ANSWER = 3


class OwnFlag(Refused):
    """Nobody raises or decides a flag about themselves."""

    remedy = "Somebody else has to do it; you may explain."


class RaisedByYou(Refused):
    """Whoever raised a flag does not decide it."""

    remedy = "Ask another inspector or the county to decide."


class NotAboutYou(Refused):
    """Only the one a flag is about explains it."""

    remedy = "Ask them to answer it themselves."


class NotAnsweredYet(Refused):
    """The one it is about has not answered, and still has time to."""

    remedy = "Wait for the answer, or until the day it was asked for by."


class FlagSettled(Refused):
    """The flag is decided already."""

    remedy = "Read the decision; raise another flag if there is more to ask."


class FlaggedSignal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One statistic as the panel had it: so many of so many, and what is usual among others."""

    rule: FlagRule
    odd: Count
    whole: Count
    base: Share
    peers: Count
    days: Count | None = None


class FlagRecord(StaffRecord):
    """Concerns a flag about a member of staff."""


@kind("flag", "Flag raised", stream="staff", recordable=False, private=STAFF_ONLY)
class FlagRaised(FlagRecord):
    """Somebody asks about the records entered between two days."""

    since: date
    until: date
    signals: Annotated[tuple[FlaggedSignal, ...], Meta(min_length=1, max_length=12)]
    panel_position: Annotated[int, Meta(ge=0)]
    answer_by: date
    announced_on: date | None = None
    inspection: UUID | None = None
    question: StaffNote | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(self.since, self.until, "until")
        if situation.env.recorded_by.staff == situation.fact("staff.id"):
            raise OwnFlag
        if self.answer_by < situation.env.occurred_on + timedelta(days=DAYS_TO_ANSWER):
            raise Implausible("answer_by", "leave at least three days to answer")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        raised = {"by": entry.env.recorded_by.staff, "answer_by": self.answer_by}
        yield f"flags.{entry.record_id}", raised


@kind("flag_explanation", "Flag explained", stream="staff", recordable=False, private=STAFF_ONLY)
class FlagExplained(FlagRecord):
    """The one it is about says how it came."""

    flag: UUID
    explanation: StaffNote

    def check(self, situation: Situation) -> None:
        super().check(situation)
        undecided(situation, self.flag)
        if situation.env.recorded_by.staff != situation.fact("staff.id"):
            raise NotAboutYou

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"flag_answers.{self.flag}", entry.env.occurred_on


@kind("flag_decision", "Flag decided", stream="staff", recordable=False, private=STAFF_ONLY)
class FlagDecided(FlagRecord):
    """Somebody who neither raised it nor is asked decides, and says why."""

    flag: UUID
    outcome: Literal["upheld", "dismissed"]
    reason: StaffNote

    def check(self, situation: Situation) -> None:
        super().check(situation)
        raised, decider = undecided(situation, self.flag), situation.env.recorded_by.staff
        if decider == situation.fact("staff.id"):
            raise OwnFlag
        if decider == raised["by"]:
            raise RaisedByYou
        is_answered = situation.fact(f"flag_answers.{self.flag}") is not None
        if self.outcome == "upheld" and not is_answered and situation.today <= raised["answer_by"]:
            raise NotAnsweredYet

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"flag_decisions.{self.flag}", self.outcome


def undecided(situation: Situation, flag: UUID) -> dict[str, Any]:
    """The flag, which is on file and still to be decided."""
    raised: dict[str, Any] | None = situation.fact(f"flags.{flag}")
    if raised is None:
        raise NotOnFile("flag", record_id=str(flag))
    if situation.fact(f"flag_decisions.{flag}") is not None:
        raise FlagSettled(record_id=str(flag))
    return raised


def state_of(*, is_answered: bool, outcome: str | None) -> FlagState:
    if outcome is not None:
        return "upheld" if outcome == "upheld" else "dismissed"
    return "explained" if is_answered else "open"
