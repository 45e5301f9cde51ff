"""Help brought in from outside: a place to stay, a lawyer, another office, the state's registers."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import UnitId
from services.casefile.domain.families.fields import Note, ShortNote
from services.casefile.domain.families.safety import IncidentReported
from services.casefile.domain.personal import DataClass, personal
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import NotOnFile, day_before
from services.casefile.domain.situation import Situation

ExternalNo = Annotated[str, personal(DataClass.IDENTITY, min_length=1, max_length=64)]


@kind(
    "temporary_care",
    "Temporary care",
    publishes=("starts_on", "ends_on"),
)
class TemporaryCareProvided(Record):
    """The child lives, for a while, where somebody else has charge of her."""

    place: Literal[
        "protection_centre", "welfare_home", "relative", "foster_family", "village_committee",
        "school", "other",
    ]  # fmt: skip
    ground: Literal[
        "homeless_or_unknown_origin", "guardian_not_found", "guardian_unable",
        "guardian_refuses", "guardian_lost_custody", "guardian_neglects_or_harms",
        "harmed_needs_placement", "other",
    ]  # fmt: skip
    starts_on: date
    ends_on: date | None = None
    arranged_by: UnitId | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        day_before(self.starts_on, self.ends_on, "ends_on")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            "guardian.temporary_care",
            {"place": self.place, "starts_on": self.starts_on, "ends_on": self.ends_on},
        )


@kind("legal_aid", "Legal aid", publishes=("incident",))
class LegalAidProvided(Record):
    """The child, or her family for her, was helped by a lawyer."""

    form: Literal["advice", "drafting", "mediation", "representation", "support_in_court"]
    provider: Literal[
        "legal_aid_centre", "law_firm", "judicial_office", "procuratorate", "court", "volunteer"
    ]
    incident: UUID | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        if self.incident is not None:
            referred(situation, self.incident, IncidentReported)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        if self.incident is not None:
            yield f"legal_aid.{self.incident}", self.form


@kind(
    "referral",
    "Referral",
    publishes=("to", "to_unit", "respond_by"),
)
class ReferralMade(Record):
    """Another office was asked to help."""

    to: Literal[
        "civil_affairs", "education", "health", "hospital", "psychology_centre", "police",
        "procuratorate", "court", "judicial_office", "disabled_federation", "women_federation",
        "youth_league", "next_generation_committee", "protection_centre", "culture_and_market",
        "social_organisation",
    ]  # fmt: skip
    need: Literal[
        "guardianship", "money", "medical_costs", "assistive_device", "mental_health",
        "schooling", "household_registration", "legal_help", "shelter", "safety", "other",
    ]  # fmt: skip
    to_unit: UnitId | None = None
    respond_by: date | None = None
    note: Note | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.respond_by, "respond_by")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"referrals.{entry.record_id}",
            {"state": "made", "to": self.to, "need": self.need, "respond_by": self.respond_by},
        )


@kind(
    "referral_closure",
    "Referral closed",
    after_close=True,
    publishes=("referral", "outcome"),
)
class ReferralClosed(Record):
    """What came of a referral."""

    referral: UUID
    outcome: Literal["helped", "partly_helped", "declined", "no_answer", "called_off"]
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        referred(situation, self.referral, ReferralMade)
        if situation.fact(f"referrals.{self.referral}") is None:
            raise NotOnFile("referral", record_id=str(self.referral))

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"referrals.{self.referral}", None
        unmet = None if self.outcome == "helped" else self.outcome
        yield f"needs.unmet.{self.referral}", unmet


@kind(
    "external_registration",
    "External registration",
    publishes=("register", "state"),
)
class ExternalRegistrationConfirmed(Record):
    """The child was found in a register that the state keeps, or was entered there."""

    register: Literal["national_child_welfare", "provincial", "school_roll", "social_relief"]
    state: Literal["entered", "confirmed", "differs", "struck_off"]
    number: ExternalNo | None = None
    remark: ShortNote | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        gone = self.state == "struck_off"
        yield (
            f"registers.{self.register}",
            None if gone else {"state": self.state, "number": self.number},
        )
