"""What a unit's money is meant for, and what was bought from others: budget lines and agreements."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.codes import Payer
from services.casefile.domain.families.fields import Code, Fen
from services.casefile.domain.families.funding import PaidFen
from services.casefile.domain.families.organisation import UnitRecord
from services.casefile.domain.record import kind
from services.casefile.domain.refusals import Implausible, day_before
from services.casefile.domain.situation import Situation

Year = Annotated[int, Meta(ge=2000, le=2100)]


@kind(
    "budget_line",
    "Budget line set",
    stream="unit",
    publishes=("year", "payer", "budget_purpose", "amount_fen", "total_fen"),
)
class BudgetLineSet(UnitRecord):
    """What part of the money that a unit has of a payer in a year is meant for one purpose."""

    year: Year
    payer: Payer
    budget_purpose: Literal[
        "boarding", "meals", "heating", "transport", "staff", "training", "equipment",
        "activities", "aid", "safety", "other",
    ]  # fmt: skip
    amount_fen: Fen
    total_fen: PaidFen

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if self.amount_fen > self.total_fen:
            raise Implausible("amount_fen", "more than there is in all")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"budget.{self.year}.{self.payer}.{self.budget_purpose}",
            {"fen": self.amount_fen, "total_fen": self.total_fen},
        )


class Deliverable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many of one kind of work."""

    work: Literal[
        "talk", "home_visit", "counselling", "companionship", "family_call", "guardian_contact",
        "parent_contact", "group_session", "group_attendance", "activity", "in_kind_aid", "needs",
        "risk", "care_plan",
    ]  # fmt: skip
    count: Annotated[int, Meta(ge=1, le=1_000_000)]


@kind(
    "service_agreement",
    "Service agreement signed",
    stream="unit",
    publishes=("agreement", "payer", "starts_on", "ends_on", "amount_fen"),
)
class ServiceAgreementSigned(UnitRecord):
    """The unit undertook to do so much within a time, and somebody pays for it."""

    agreement: Code
    payer: Payer
    starts_on: date
    ends_on: date
    deliverables: Annotated[tuple[Deliverable, ...], Meta(min_length=1, max_length=20)]
    amount_fen: PaidFen | None = None

    def check(self, situation: Situation) -> None:
        super().check(situation)
        day_before(self.starts_on, self.ends_on, "ends_on")
        works = [each.work for each in self.deliverables]
        if len(set(works)) < len(works):
            raise Implausible("deliverables", "names the same work twice")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"agreements.{self.agreement}",
            {
                "payer": self.payer,
                "starts_on": self.starts_on,
                "ends_on": self.ends_on,
                "fen": self.amount_fen,
                "deliverables": {each.work: each.count for each in self.deliverables},
            },
        )
