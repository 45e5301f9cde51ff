"""The records in which outcomes are declared, and the ids that make them the same for everybody."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.cadence.obligation import Answerable, Declaration, declaration_id
from services.casefile.domain.cadence.proofs import Count
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.obligation import (
    DutyFulfilled,
    DutyMissed,
    ObligationEscalated,
    ObligationFulfilled,
    ObligationMissed,
    ObligationOverdue,
)

What = Literal["overdue", "missed", "fulfilled", "escalated"]


class About(NamedTuple):
    """The window that is spoken of."""

    subject: UUID
    ruling: Ruling
    window: Window
    is_unit: bool

    def id_of(self, what: What, detail: str = "") -> UUID:
        policy, rule = self.ruling.policy, self.ruling.rule
        key = self.window.key
        return declaration_id(
            self.subject, what, policy.policy, policy.version, rule.code, key, detail
        )


def common(
    ruling: Ruling, window: Window, answerable: Sequence[Answerable], counted: int
) -> dict[str, Any]:
    """What all declarations about a window say."""
    last = answerable[-1] if answerable else None
    return {
        "policy": ruling.policy.policy,
        "policy_version": ruling.policy.version,
        "rule": ruling.rule.code,
        "window": window.key,
        "starts_on": window.starts_on,
        "ends_on": window.ends_on,
        "due_on": window.due_on,
        "obligor": ruling.rule.obligor,
        "role": ruling.rule.role,
        "accountable": last.staff if last else None,
        "unit": last.unit if last else None,
        "least": ruling.rule.least,
        "counted": counted,
        "provisional": window.provisional,
    }


def overdue(about: About, said: dict[str, Any]) -> Declaration:
    at = about.window.overdue_from
    return Declaration(at, about.id_of("overdue"), last_day(at), ObligationOverdue(**said))


def missed(
    about: About, said: dict[str, Any], *, attempts: int = 0, reopened: Entry | None = None
) -> Declaration:
    """Dated by the window's close; it may be said when that is over, or a proof was taken away."""
    closed_on = last_day(about.window.closes_at)
    record = (DutyMissed if about.is_unit else ObligationMissed)(
        **said,
        closed_on=closed_on,
        attempts=attempts,
        reopened_by=reopened.record_id if reopened else None,
    )
    at = reopened.recorded_at if reopened else about.window.closes_at
    return Declaration(at, about.id_of("missed"), closed_on, record)


def fulfilled(about: About, said: dict[str, Any], found: Count, at: datetime) -> Declaration:
    """Beside the miss: with which proofs it was made good, dated by the day that was entered."""
    record = (DutyFulfilled if about.is_unit else ObligationFulfilled)(
        **said,
        missed=about.id_of("missed"),
        proofs=tuple(entry.record_id for entry in found.proofs),
        in_window=found.in_window,
    )
    return Declaration(at, made_good_id(about, found), day_in_china(at), record)


def made_good_id(about: About, found: Count) -> UUID:
    return about.id_of("fulfilled", ",".join(sorted(str(e.record_id) for e in found.proofs)))


def escalated(
    about: About, said: dict[str, Any], tried: Sequence[Entry], at: datetime
) -> Declaration:
    record = ObligationEscalated(**said, attempts=tuple(entry.record_id for entry in tried))
    return Declaration(at, about.id_of("escalated"), day_in_china(at), record)


def last_day(moment: datetime) -> date:
    """The last day that is over at a moment, or the day of a moment within it."""
    return day_in_china(moment - timedelta(microseconds=1))
