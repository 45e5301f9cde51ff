"""What the family allows: consent by purpose, and its withdrawal."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.fields import ShortNote
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import not_before_fact, referred
from services.casefile.domain.refusals import Implausible, NotOnFile, day_before
from services.casefile.domain.situation import Situation

Purpose = Literal["photo", "media", "data", "host_stay", "activity"]
Consenter = Literal["father", "mother", "guardian", "child"]


@kind(
    "consent",
    "Consent given",
    publishes=("purpose", "valid_until"),
)
class ConsentRecorded(Record):
    """Somebody entitled to allows something, until a day or until it is withdrawn."""

    purpose: Purpose
    given_by: Consenter
    form: Literal["paper", "online", "spoken"] = "paper"
    child_agrees: bool | None = None
    valid_until: date | None = None
    scope: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.valid_until, "valid_until")
        if self.given_by == "child" and _under_14(situation):
            raise Implausible("given_by", "under 14, a parent or guardian has to consent")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        given = {"state": "given", "given_by": self.given_by, "form": self.form}
        yield f"consents.{self.purpose}", given | {"valid_until": self.valid_until}


@kind("consent_withdrawal", "Consent withdrawn", after_close=True, publishes=("purpose",))
class ConsentWithdrawn(Record):
    """A consent holds no longer; what was done under it stays lawful."""

    purpose: Purpose
    withdrawn_by: Consenter
    reason: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        consent = situation.fact(f"consents.{self.purpose}")
        if consent is None or consent["state"] != "given":
            raise NotOnFile("consent", purpose=self.purpose)
        not_before_fact(situation, f"consents.{self.purpose}")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"consents.{self.purpose}", {"state": "withdrawn", "withdrawn_by": self.withdrawn_by}


@kind(
    "case_study_approval",
    "Case study approved",
    after_close=True,
    publishes=("study_for", "valid_until"),
)
class CaseStudyApproved(Record):
    """The leading group allows a study of this case that names nobody, until a day."""

    study_for: Literal["research", "training", "stage_report", "publication"]
    approved_by: StaffId
    consent: UUID
    valid_until: date
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        day_before(situation.env.occurred_on, self.valid_until, "valid_until")
        consent = referred(situation, self.consent, ConsentRecorded).rec
        assert isinstance(consent, ConsentRecorded)
        if consent.purpose != "data" or consent.given_by == "child":
            raise Implausible("consent", "a study rests on a guardian's consent to use the data")
        if not allows_data(situation.fact("consents.data"), situation.env.occurred_on):
            raise NotOnFile("consent", purpose="data")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        approved = {"study_for": self.study_for, "valid_until": self.valid_until}
        yield "case_study", approved


def allows_data(consent: Any, day: date) -> bool:
    """Whether the family's consent to use the data stands on that day."""
    if consent is None or consent["state"] != "given":
        return False
    return consent["valid_until"] is None or day <= consent["valid_until"]


def _under_14(situation: Situation) -> bool:
    born, day = situation.born_on, situation.env.occurred_on
    return born is not None and (day.year - 14, day.month, day.day) < (
        born.year, born.month, born.day,
    )  # fmt: skip
