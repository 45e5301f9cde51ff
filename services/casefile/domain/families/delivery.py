"""What reached the child: money paid out, goods given, and somebody asking whether it came."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.codes import Occasion, Payer, Scheme
from services.casefile.domain.families.fields import Fen, Note, ShortNote
from services.casefile.domain.families.funding import (
    DocumentNo,
    FundingGranted,
    PaidFen,
    granted,
)
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation


@kind(
    "disbursement",
    "Funding disbursed",
    ledger=True,
    after_close=True,
    publishes=("scheme", "amount_fen", "grant", "period_from", "period_until"),
)
class FundingDisbursed(Record):
    """Money was paid out, on a grant or as the scheme's allowance."""

    scheme: Scheme
    amount_fen: PaidFen
    payee: Literal["child", "guardian", "parent", "school", "hospital", "supplier"]
    grant: UUID | None = None
    period_from: date | None = None
    period_until: date | None = None
    method: Literal["bank_transfer", "cash", "social_card", "waiver", "meal_card"] = "bank_transfer"
    voucher_no: DocumentNo | None = None
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        if self.period_from is not None:
            day_before(self.period_from, self.period_until, "period_until")
        if self.grant is not None:
            self._within(granted(situation, self.scheme, self.grant), situation)
        elif situation.fact(f"enrolments.{self.scheme}") is None:
            raise NotOnFile("grant or enrolment", scheme=self.scheme)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"disbursements.{entry.record_id}",
            {
                "scheme": self.scheme,
                "fen": self.amount_fen,
                "grant": None if self.grant is None else str(self.grant),
                "period_from": self.period_from,
                "period_until": self.period_until,
            },
        )

    def _within(self, grant: FundingGranted, situation: Situation) -> None:
        left = grant.amount_fen - paid(situation, str(self.grant))
        if grant.rhythm == "once" and self.amount_fen > left:
            raise Implausible("amount_fen", "more than is left of the grant", left_fen=left)


@kind(
    "delivery_check",
    "Delivery verified",
    after_close=True,
    publishes=("found", "grant", "disbursement"),
)
class FundingDeliveryVerified(Record):
    """Somebody asked whether the money or the waiver arrived."""

    found: Literal["received", "partly_received", "not_received"]
    asked: Literal["child", "guardian", "parent", "school", "bank_record"]
    grant: UUID | None = None
    disbursement: UUID | None = None
    received_fen: Fen | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if self.grant is None and self.disbursement is None:
            raise Implausible("grant", "name the grant or the disbursement that was verified")
        if self.grant is not None:
            referred(situation, self.grant, FundingGranted)
        if self.disbursement is not None:
            payment = referred(situation, self.disbursement, FundingDisbursed).rec
            assert isinstance(payment, FundingDisbursed)
            if (self.received_fen or 0) > payment.amount_fen:
                raise Implausible("received_fen", "more than was disbursed")
        if self.found == "partly_received" and self.received_fen is None:
            raise Implausible("received_fen", "say how much arrived")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"deliveries.{self.disbursement or self.grant}",
            {"found": self.found, "fen": self.received_fen},
        )


class AidItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some goods of one sort."""

    goods: Literal[
        "clothing", "shoes", "quilt", "schoolbag", "stationery", "books", "food", "milk",
        "daily_goods", "sports_goods", "toys", "device", "medicine", "assistive_device",
        "furniture", "gift_voucher", "other",
    ]  # fmt: skip
    count: Annotated[int, Meta(ge=1, le=1000)] = 1
    value_fen: Fen | None = None


@kind(
    "in_kind_aid",
    "In-kind aid",
    ledger=True,
    publishes=("giver", "value_fen"),
)
class InKindAidGiven(Record):
    """Goods were given to the child."""

    items: Annotated[tuple[AidItem, ...], Meta(min_length=1, max_length=30)]
    giver: Payer
    value_fen: Fen | None = None
    occasion: Occasion | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        parts = sum(item.value_fen or 0 for item in self.items)
        if self.value_fen is not None and parts > self.value_fen:
            raise Implausible("value_fen", "the items add up to more than the whole")


def paid(situation: Situation, grant: str) -> int:
    """How much of a grant was paid out so far."""
    payments = (fact.value for fact in situation.under("disbursements").values())
    return sum(p["fen"] for p in payments if p["grant"] == grant)
