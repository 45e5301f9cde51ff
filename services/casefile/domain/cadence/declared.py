"""The records in which outcomes are declared, and the ids that make them the same for everybody."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
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


def id_of(subject: UUID, what: What, ruling: Ruling, window: Window, about: str = "") -> UUID:
    policy = ruling.policy
    return declaration_id(
        subject, what, policy.policy, policy.version, ruling.rule.code, window.key, about
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


def overdue(subject: UUID, ruling: Ruling, window: Window, said: dict[str, Any]) -> Declaration:
    record_id = id_of(subject, "overdue", ruling, window)
    at = window.overdue_from
    return Declaration(at, record_id, last_day(at), ObligationOverdue(**said))


def missed(
    subject: UUID,
    ruling: Ruling,
    window: Window,
    said: dict[str, Any],
    *,
    attempts: int = 0,
    reopened: Entry | None = None,
    of_unit: bool = False,
) -> Declaration:
    """Dated by the window's close; it may be said when that is over, or a proof was taken away."""
    closed_on = last_day(window.closes_at)
    record = (DutyMissed if of_unit else ObligationMissed)(
        **said,
        closed_on=closed_on,
        attempts=attempts,
        reopened_by=reopened.record_id if reopened else None,
    )
    at = reopened.recorded_at if reopened else window.closes_at
    return Declaration(at, id_of(subject, "missed", ruling, window), closed_on, record)


def fulfilled(
    subject: UUID,
    ruling: Ruling,
    window: Window,
    said: dict[str, Any],
    found: Count,
    at: datetime,
    *,
    of_unit: bool = False,
) -> Declaration:
    """Beside the miss: with which proofs it was made good, dated by the day that was entered."""
    proofs = tuple(entry.record_id for entry in found.proofs)
    record = (DutyFulfilled if of_unit else ObligationFulfilled)(
        **said,
        missed=id_of(subject, "missed", ruling, window),
        proofs=proofs,
        in_window=found.in_window,
    )
    record_id = made_good_id(subject, ruling, window, found)
    return Declaration(at, record_id, day_in_china(at), record)


def made_good_id(subject: UUID, ruling: Ruling, window: Window, found: Count) -> UUID:
    about = ",".join(sorted(str(entry.record_id) for entry in found.proofs))
    return id_of(subject, "fulfilled", ruling, window, about)


def escalated(
    subject: UUID, ruling: Ruling, window: Window, said: dict[str, Any], tried: Sequence[Entry]
) -> Declaration:
    at = tried[-1].recorded_at
    record = ObligationEscalated(**said, attempts=tuple(entry.record_id for entry in tried))
    record_id = id_of(subject, "escalated", ruling, window)
    return Declaration(at, record_id, day_in_china(at), record)


def last_day(moment: datetime) -> date:
    """The last day that is over at a moment, or the day of a moment within it."""
    return day_in_china(moment - timedelta(microseconds=1))
