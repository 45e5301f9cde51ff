"""What an inspection looks at: records held against evidence, and guardians called back.

Nothing in a child's file is changed by it. That a guardian confirmed a record stands in the file
too, as a record of its own, because it is evidence for that record.
"""

from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.fields import Note
from services.casefile.domain.families.inspection import InspectionRecord
from services.casefile.domain.inspection_refusals import NotInSample
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import AlreadyOnFile, Implausible
from services.casefile.domain.situation import Situation

WITHIN = "What was seen in a file is for the inspection alone until a finding is raised."


class OfSampledCase(InspectionRecord):
    """What concerns a case that was drawn."""

    case: UUID
    record: UUID

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if situation.fact(f"sampled.{self.case}") is None:
            raise NotInSample


@kind("examination", "Record examined", stream="inspection", recordable=False, private=WITHIN)
class RecordExamined(OfSampledCase):
    """A record was held against other evidence; done again, the later one counts."""

    against: Literal[
        "paper_card", "signature_sheet", "photo", "receipt", "attendance_register", "call_log",
        "medical_file", "visit_on_site", "child_heard", "staff_heard", "nothing",
    ]  # fmt: skip
    result: Literal["agrees", "differs", "not_found", "not_examined"]
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"examined.{self.case}.{self.record}",
            {"against": self.against, "result": self.result},
        )


@kind("callback", "Guardian called back", stream="inspection", recordable=False, private=WITHIN)
class CallbackMade(OfSampledCase):
    """Somebody outside was asked whether the contact took place."""

    spoke_with: Literal["guardian", "father", "mother", "child", "other_adult", "nobody"]
    means: Literal["phone", "video", "in_person"]
    result: Literal["confirmed", "not_confirmed", "not_reached"]
    note: Note | None = None

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"callbacks.{self.case}.{self.record}",
            {"spoke_with": self.spoke_with, "result": self.result},
        )

    def check(self, situation: Situation) -> None:
        super().check(situation)
        if (self.spoke_with == "nobody") != (self.result == "not_reached"):
            raise Implausible("spoke_with", "nobody was reached exactly if nobody was spoken with")
        earlier = situation.fact(f"callbacks.{self.case}.{self.record}")
        if earlier is not None and earlier["result"] == "confirmed":
            raise AlreadyOnFile("confirmation")


@kind(
    "confirmation",
    "Confirmed in an inspection",
    recordable=False,
    after_close=True,
    publishes=("target", "inspection"),
)
class RecordConfirmed(Record):
    """Somebody outside said that an earlier record is true; written beside the callback."""

    target: UUID
    inspection: UUID
    spoke_with: Literal["guardian", "father", "mother", "child", "other_adult"]
