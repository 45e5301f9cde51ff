"""Money a child is entitled to: applied for, enrolled, granted, changed, stopped. Integer fen."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.dated import dated
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import UnitId
from services.casefile.domain.families.codes import Payer, Rhythm, Scheme
from services.casefile.domain.families.fields import Code, Fen, OtherName, ShortNote
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import AlreadyOnFile, Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation

PaidFen = Annotated[int, Meta(ge=1, le=100_000_000_000)]
DocumentNo = Annotated[str, personal(DataClass.GUARDIAN, min_length=1, max_length=64)]


@kind("funding_application", "Funding application", publishes=("scheme",))
class SchemeApplied(Record):
    """Somebody applied to a scheme on behalf of the child."""

    scheme: Scheme
    applied_by: Literal["guardian", "parent", "village", "school", "staff"]
    applied_to: UnitId | None = None
    amount_fen: PaidFen | None = None
    need: ShortNote | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"applications.{self.scheme}", {"state": "applied", "on": entry.occurred_on}


@kind(
    "enrolment",
    "Scheme enrolment",
    ledger=True,
    publishes=("scheme", "starts_on", "ends_on", "rate_fen", "rhythm", "payer"),
)
class SchemeEnrolled(Record):
    """The child belongs to a scheme that pays, or waives, from a day on."""

    scheme: Scheme
    starts_on: date
    ends_on: date | None = None
    rate_fen: PaidFen | None = None
    rhythm: Rhythm = "monthly"
    payer: Payer | None = None
    decided_by: UnitId | None = None
    certificate_no: DocumentNo | None = None

    def check(self, situation: Situation) -> None:
        day_before(self.starts_on, self.ends_on, "ends_on")
        if is_enrolled(situation, self.scheme, self.starts_on):
            raise AlreadyOnFile("enrolment", scheme=self.scheme)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"applications.{self.scheme}", None
        yield (
            f"enrolments.{self.scheme}",
            {"state": "enrolled", "starts_on": self.starts_on, "ends_on": self.ends_on},
        )
        yield f"rates.{self.scheme}.{self.starts_on}", self.rate_fen


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What part of a grant is for."""

    purpose: Literal[
        "tuition", "books", "boarding", "living", "medical", "arrears", "prepayment", "clothing",
        "transport", "housing", "assistive_device", "other",
    ]  # fmt: skip
    fen: PaidFen


@kind(
    "grant",
    "Funding granted",
    ledger=True,
    publishes=("scheme", "amount_fen", "rhythm", "payer", "starts_on", "ends_on"),
)
class FundingGranted(Record):
    """Money was promised to the child, once or at a rhythm."""

    scheme: Scheme
    amount_fen: PaidFen
    rhythm: Rhythm
    payer: Payer
    starts_on: date
    ends_on: date | None = None
    uses: Annotated[tuple[Use, ...], Meta(max_length=20)] = ()
    decision: Code | None = None
    sponsor: OtherName | None = None
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        day_before(self.starts_on, self.ends_on, "ends_on")
        if sum(use.fen for use in self.uses) > self.amount_fen:
            raise Implausible("uses", "the parts add up to more than the amount")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"applications.{self.scheme}", None
        yield (
            f"grants.{entry.record_id}",
            {
                "state": "granted",
                "scheme": self.scheme,
                "fen": self.amount_fen,
                "rhythm": self.rhythm,
                "payer": self.payer,
                "starts_on": self.starts_on,
                "ends_on": self.ends_on,
            },
        )
        yield f"rates.{entry.record_id}.{self.starts_on}", self.amount_fen


@kind(
    "rate_change",
    "Funding rate changed",
    publishes=("scheme", "from_fen", "to_fen", "effective_on"),
)
class FundingRateChanged(Record):
    """From a day on the rate is another one; what was paid before stays as it was."""

    scheme: Scheme
    from_fen: Fen
    to_fen: PaidFen
    effective_on: date
    grant: UUID | None = None
    basis: Code | None = None

    def check(self, situation: Situation) -> None:
        must_run(situation, self, self.effective_on, "effective_on")
        known = dated(situation.facts, f"rates.{self.grant or self.scheme}", self.effective_on)
        if self.from_fen == self.to_fen:
            raise Implausible("to_fen", "the rate does not change")
        if known is not None and known != self.from_fen:
            raise Implausible("from_fen", "the rate on file for that day is another one")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"rates.{self.grant or self.scheme}.{self.effective_on}", self.to_fen


@kind(
    "funding_stop",
    "Funding stopped",
    after_close=True,
    publishes=("scheme", "stops_on"),
)
class FundingStopped(Record):
    """From a day on nothing more is paid."""

    scheme: Scheme
    stops_on: date
    reason: Literal[
        "period_over", "no_longer_eligible", "aged_out", "moved_away", "sponsor_withdrew",
        "guardian_declined", "deceased", "granted_in_error",
    ]  # fmt: skip
    grant: UUID | None = None
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        must_run(situation, self, self.stops_on, "stops_on")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        path = f"grants.{self.grant}" if self.grant else f"enrolments.{self.scheme}"
        yield path, {"state": "stopped", "scheme": self.scheme, "stops_on": self.stops_on}


def is_enrolled(situation: Situation, scheme: Scheme, day: date) -> bool:
    enrolment = situation.fact(f"enrolments.{scheme}")
    if enrolment is None or enrolment["state"] != "enrolled":
        return False
    return enrolment["ends_on"] is None or day <= enrolment["ends_on"]


def granted(situation: Situation, scheme: Scheme, grant: UUID) -> FundingGranted:
    """The grant referred to, which must be one of that scheme."""
    found = referred(situation, grant, FundingGranted).rec
    assert isinstance(found, FundingGranted)
    if found.scheme != scheme:
        raise NotOnFile("grant", record_id=str(grant), scheme=scheme)
    return found


def must_run(
    situation: Situation, record: FundingRateChanged | FundingStopped, day: date, field: str
) -> None:
    """Refuse what needs a running grant or enrolment, when there is none."""
    if record.grant is None:
        if not is_enrolled(situation, record.scheme, day):
            raise NotOnFile("enrolment", scheme=record.scheme)
        return
    day_before(granted(situation, record.scheme, record.grant).starts_on, day, field)
    if situation.fact(f"grants.{record.grant}")["state"] == "stopped":
        raise NotOnFile("grant", record_id=str(record.grant))
