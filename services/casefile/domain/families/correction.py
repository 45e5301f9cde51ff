"""Corrections and annulments: new entries that point at an old one, which stays visible."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.families.fields import Note, ShortNote
from services.casefile.domain.record import Record, kind

Reason = ShortNote


@kind("correction", "Correction", recordable=False, exclusive=True, amends=True, after_close=True)
class EntryCorrected(Record):
    """Some fields of an earlier record read differently from now on."""

    target: UUID
    of: str
    changes: Annotated[dict[str, Any], Meta(min_length=1)]
    reason: Reason


@kind("annulment", "Annulment", recordable=False, exclusive=True, amends=True, after_close=True)
class EntryAnnulled(Record):
    """An earlier record no longer counts; it stays visible, struck through."""

    target: UUID
    of: str
    ground: Literal["entered_twice", "wrong_child", "did_not_happen", "entered_in_error"]
    reason: Reason


@kind("late_entry_justification", "Late entry justified", after_close=True)
class LateEntryJustified(Record):
    """Why an earlier record was entered late."""

    target: UUID
    justification: Note


@kind("countersignature", "Countersigned", after_close=True)
class EntryCountersigned(Record):
    """A second person confirms an earlier record."""

    target: UUID
    outcome: Literal["confirmed", "disputed"]
    remark: ShortNote | None = None
