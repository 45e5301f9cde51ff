"""What came of an obligation: declared by the system, dated by the window; and relief from one."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.cadence.policy import Obligor, PolicyCode, RuleCode
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import NO_NUMBER_OF_SOMEBODY, PublicId, StaffId, UnitId
from services.casefile.domain.families.fields import ShortNote
from services.casefile.domain.record import ALL, Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import Implausible, day_before
from services.casefile.domain.situation import Situation

WindowKey = Annotated[
    str, Meta(pattern=rf"^{NO_NUMBER_OF_SOMEBODY}[A-Za-z0-9][A-Za-z0-9._:-]{{0,79}}$")
]
Count = Annotated[int, Meta(ge=0, le=1000)]
PolicyVersion = Annotated[int, Meta(ge=1, le=9999)]


class OfObligation(Record, kw_only=True):
    """Names one window of one rule, and who was answerable for it last."""

    policy: PolicyCode
    policy_version: PolicyVersion
    rule: RuleCode
    window: WindowKey
    starts_on: date
    ends_on: date
    due_on: date
    obligor: Obligor = "staff"
    role: str | None = None
    accountable: StaffId | None = None
    unit: UnitId | None = None
    least: Count = 1
    counted: Count = 0
    provisional: bool = False


@kind("obligation_overdue", "Obligation overdue", recordable=False, after_close=True, publishes=ALL)
class ObligationOverdue(OfObligation, kw_only=True):
    """The due day and its grace are over, and it has not been done."""


@kind("obligation_missed", "Obligation missed", recordable=False, after_close=True, publishes=ALL)
class ObligationMissed(OfObligation, kw_only=True):
    """The window closed and it had not been done. What comes later stands beside this."""

    closed_on: date
    attempts: Count = 0
    reopened_by: UUID | None = None


@kind(
    "obligation_fulfilled",
    "Obligation fulfilled late",
    recordable=False,
    after_close=True,
    publishes=ALL,
)
class ObligationFulfilled(OfObligation, kw_only=True):
    """A missed obligation was made good, or turned out to have been done: late, beside the miss."""

    missed: UUID
    proofs: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=400)]
    in_window: bool
    entered_in_time: bool = False


@kind(
    "obligation_escalation",
    "Obligation escalated",
    recordable=False,
    after_close=True,
    publishes=ALL,
)
class ObligationEscalated(OfObligation, kw_only=True):
    """It was tried several times in vain; somebody else has to look at it."""

    attempts: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=100)]


@kind("quota_missed", "Quota missed", stream="staff", recordable=False, publishes=ALL)
class QuotaMissed(OfObligation, kw_only=True):
    """A member of staff reached fewer children in the window than the rule asks for."""

    closed_on: date


@kind("duty_missed", "Duty of a unit missed", stream="unit", recordable=False, publishes=ALL)
class DutyMissed(OfObligation, kw_only=True):
    """A unit did not do in the window what the rule asks of it."""

    closed_on: date
    attempts: Count = 0
    reopened_by: UUID | None = None


@kind(
    "duty_fulfilled",
    "Duty of a unit fulfilled late",
    stream="unit",
    recordable=False,
    publishes=ALL,
)
class DutyFulfilled(OfObligation, kw_only=True):
    """A unit made good what it had missed."""

    missed: UUID
    proofs: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=400)]
    in_window: bool
    entered_in_time: bool = False


@kind(
    "waiver",
    "Obligation waived",
    recordable=False,
    publishes=("policy", "rule", "reason", "approved_by", "starts_on", "expires_on"),
)
class ObligationWaived(Record):
    """Nobody has to do it until the waiver expires; somebody approved of that and said why."""

    policy: PolicyCode
    rule: RuleCode
    reason: Literal[
        "child_with_parents", "child_away", "in_hospital", "family_refuses", "unsafe_to_visit",
        "done_by_other_office", "disaster", "other",
    ]  # fmt: skip
    approved_by: PublicId
    starts_on: date
    expires_on: date
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        day_before(self.starts_on, self.expires_on, "expires_on")
        if self.starts_on < situation.env.occurred_on:
            raise Implausible("starts_on", "a waiver is for days to come")
        if (self.expires_on - self.starts_on).days > 366:
            raise Implausible("expires_on", "a waiver is for a year at most")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        waived = {"policy": self.policy, "rule": self.rule, "until": self.expires_on}
        yield f"waivers.{entry.record_id}", waived


@kind("suspension", "Obligations suspended", publishes=("expected_until",))
class ObligationsSuspended(Record):
    """What is owed to the child rests while she cannot be reached where it is owed."""

    reason: Literal["with_parents", "in_hospital", "in_transit", "abroad", "in_custody", "other"]
    expected_until: date | None = None
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.expected_until, "expected_until")
        if situation.under("suspensions"):
            raise Implausible("reason", "the obligations are suspended already")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"suspensions.{entry.record_id}", self.reason


@kind("resumption", "Obligations resumed", publishes=("suspension",))
class ObligationsResumed(Record):
    """The suspension is over; from this day on everything is owed again."""

    suspension: UUID

    def check(self, situation: Situation) -> None:
        referred(situation, self.suspension, ObligationsSuspended)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"suspensions.{self.suspension}", None
