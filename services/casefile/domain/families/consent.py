"""What the family allows: consent by purpose, and its withdrawal."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.fields import ShortNote
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import not_before_fact
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


def _under_14(situation: Situation) -> bool:
    born, day = situation.born_on, situation.env.occurred_on
    return born is not None and (day.year - 14, day.month, day.day) < (
        born.year, born.month, born.day,
    )  # fmt: skip
