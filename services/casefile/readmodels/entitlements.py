"""Reckons a child's entitlements from the records about money, in the order they happened."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.delivery import (
    FundingDeliveryVerified,
    FundingDisbursed,
    InKindAidGiven,
)
from services.casefile.domain.families.funding import (
    FundingGranted,
    FundingRateChanged,
    FundingStopped,
    SchemeEnrolled,
)

RECEIVED = "received"


class Check(msgspec.Struct, frozen=True):
    """Somebody asked: of which payment (None: of all of it), and what was found."""

    payment: UUID | None
    found: str
    fen: int | None
    on: date


class Entitlement(msgspec.Struct):
    """What a child was promised, and what became of it."""

    record_id: UUID
    form: str
    scheme: str | None
    payer: str | None
    rhythm: str | None
    granted_on: date
    granted_fen: int | None
    starts_on: date
    ends_on: date | None = None
    stopped_on: date | None = None
    rates: dict[date, int | None] = {}
    payments: dict[UUID, tuple[date, int]] = {}
    checks: list[Check] = []

    def columns(self) -> tuple[Any, ...]:
        promised = (self.record_id, self.form, self.scheme, self.payer, self.rhythm)
        span = (self.starts_on, self.ends_on, self.stopped_on)
        paid = (self._disbursed(), max((on for on, _ in self.payments.values()), default=None))
        amounts = (self.granted_on, self.granted_fen, self._rate())
        return (*promised, *amounts, *span, *paid, *self._verified())

    def _rate(self) -> int | None:
        return self.rates[max(self.rates)] if self.rates else None

    def _disbursed(self) -> int:
        return sum(fen for _, fen in self.payments.values())

    def _verified(self) -> tuple[int | None, date | None, str | None]:
        """How much was found to have arrived, when somebody last asked, and what was found."""
        if not self.checks:
            return (None, None, None)
        checks = sorted(self.checks, key=lambda check: check.on)
        latest = {check.payment: check for check in checks}
        whole = latest.pop(None, None)
        of_payments = sum(self._arrived(check) for check in latest.values())
        arrived = max(of_payments, self._arrived(whole) if whole else 0)
        return (arrived, checks[-1].on, checks[-1].found)

    def _arrived(self, check: Check) -> int:
        if check.fen is not None:
            return check.fen
        if check.found != RECEIVED:
            return 0
        if check.payment is None:
            return self._disbursed()
        return self.payments[check.payment][1]


class Ledger:
    """A child's entitlements, as far as they have been read."""

    def __init__(self) -> None:
        self.entitlements: dict[UUID, Entitlement] = {}

    def granted(self, entry: Entry, rec: FundingGranted) -> None:
        self._open(entry, "grant", rec.scheme, rec.payer, rec.rhythm, rec.amount_fen, rec)

    def enrolled(self, entry: Entry, rec: SchemeEnrolled) -> None:
        self._open(entry, "enrolment", rec.scheme, rec.payer, rec.rhythm, rec.rate_fen, rec)

    def given(self, entry: Entry, rec: InKindAidGiven) -> None:
        day, worth = entry.occurred_on, sum(item.value_fen or 0 for item in rec.items)
        fen = rec.value_fen if rec.value_fen is not None else worth
        one = Entitlement(
            entry.record_id, "in_kind", None, rec.giver, None, day, fen, day,
            payments={entry.record_id: (day, fen)},
        )  # fmt: skip
        self.entitlements[entry.record_id] = one

    def disbursed(self, entry: Entry, rec: FundingDisbursed) -> None:
        if (one := self._of(rec.grant, rec.scheme, entry.occurred_on)) is not None:
            one.payments[entry.record_id] = (entry.occurred_on, rec.amount_fen)

    def verified(self, entry: Entry, rec: FundingDeliveryVerified) -> None:
        payment = rec.disbursement
        one = self._paid_by(payment) if payment else self._granted_as(rec.grant)
        if one is not None:
            one.checks.append(Check(payment, rec.found, rec.received_fen, entry.occurred_on))

    def changed(self, entry: Entry, rec: FundingRateChanged) -> None:
        if (one := self._of(rec.grant, rec.scheme, entry.occurred_on)) is not None:
            one.rates[rec.effective_on] = rec.to_fen

    def stopped(self, entry: Entry, rec: FundingStopped) -> None:
        if (one := self._of(rec.grant, rec.scheme, entry.occurred_on)) is not None:
            one.stopped_on = rec.stops_on

    def _open(
        self,
        entry: Entry,
        form: str,
        scheme: str,
        payer: str | None,
        rhythm: str,
        fen: int | None,
        rec: FundingGranted | SchemeEnrolled,
    ) -> None:
        self.entitlements[entry.record_id] = Entitlement(
            entry.record_id, form, scheme, payer, rhythm, entry.occurred_on, fen,
            rec.starts_on, rec.ends_on, rates={rec.starts_on: fen},
        )  # fmt: skip

    def _of(self, grant: UUID | None, scheme: str, day: date) -> Entitlement | None:
        """The grant that was named, or else the scheme's enrolment that ran on the day."""
        if grant is not None:
            return self._granted_as(grant)
        mine = [
            e for e in self.entitlements.values() if (e.form, e.scheme) == ("enrolment", scheme)
        ]
        running = [e for e in mine if e.starts_on <= day]
        return max(running or mine, key=lambda e: e.starts_on, default=None)

    def _granted_as(self, grant: UUID | None) -> Entitlement | None:
        return None if grant is None else self.entitlements.get(grant)

    def _paid_by(self, payment: UUID) -> Entitlement | None:
        return next((e for e in self.entitlements.values() if payment in e.payments), None)


STEPS: Mapping[type, Callable[[Ledger, Entry, Any], None]] = {
    FundingGranted: Ledger.granted,
    SchemeEnrolled: Ledger.enrolled,
    InKindAidGiven: Ledger.given,
    FundingDisbursed: Ledger.disbursed,
    FundingDeliveryVerified: Ledger.verified,
    FundingRateChanged: Ledger.changed,
    FundingStopped: Ledger.stopped,
}
FUNDING = tuple(STEPS)
OPENING = (FundingGranted, SchemeEnrolled, InKindAidGiven)


def entitlements(entries: Sequence[Entry]) -> Collection[Entitlement]:
    """All entitlements of a child whose records these are."""
    about_money = [entry for entry in entries if entry.kind.type in STEPS]
    ledger = Ledger()
    # What opens an entitlement comes first: a payment may have been entered, or happened, before.
    for entry in sorted(about_money, key=_order):
        STEPS[entry.kind.type](ledger, entry, entry.rec)
    return ledger.entitlements.values()


def _order(entry: Entry) -> tuple[bool, bool, date, int]:
    is_check = entry.kind.type is FundingDeliveryVerified
    return (is_check, entry.kind.type not in OPENING, entry.env.occurred_on, entry.version)
