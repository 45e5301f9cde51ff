"""Corrections and annulments: new entries that point at an old one, which stays visible."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.fields import Note, ShortNote
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import Implausible, NotOnFile
from services.casefile.domain.situation import Situation

Reason = ShortNote


@kind(
    "correction",
    "Correction",
    recordable=False,
    exclusive=True,
    amends=True,
    after_close=True,
    publishes=("target", "of"),
)
class EntryCorrected(Record):
    """Some fields of an earlier record read differently from now on."""

    target: UUID
    of: str
    changes: Annotated[dict[str, Any], Meta(min_length=1)]
    reason: Reason


@kind(
    "annulment",
    "Annulment",
    recordable=False,
    exclusive=True,
    amends=True,
    after_close=True,
    publishes=("target", "of", "ground"),
)
class EntryAnnulled(Record):
    """An earlier record no longer counts; it stays visible, struck through."""

    target: UUID
    of: str
    ground: Literal["entered_twice", "wrong_child", "did_not_happen", "entered_in_error"]
    reason: Reason


@kind("late_entry_justification", "Late entry justified", after_close=True, publishes=("target",))
class LateEntryJustified(Record):
    """Why an earlier record was entered late."""

    target: UUID
    justification: Note

    def check(self, situation: Situation) -> None:
        _on_file(situation, self.target)


@kind(
    "countersignature",
    "Countersigned",
    after_close=True,
    publishes=("target", "outcome"),
)
class EntryCountersigned(Record):
    """A second person confirms an earlier record."""

    target: UUID
    outcome: Literal["confirmed", "disputed"]
    remark: ShortNote | None = None

    def check(self, situation: Situation) -> None:
        entry = _on_file(situation, self.target)
        if entry.env.recorded_by.staff == situation.env.recorded_by.staff:
            raise Implausible("target", "countersigned by the one who recorded it")


def _on_file(situation: Situation, target: UUID) -> Entry:
    entry = situation.records.get(target)
    if entry is None or entry.is_annulled:
        raise NotOnFile("record", target=str(target))
    return entry
