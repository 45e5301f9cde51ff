"""Applies corrections and annulments to the entries they point at, and cuts a stream in time."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Amendments, Entry
from services.casefile.domain.envelope import Envelope
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.domain.record import Record

ENVELOPE_FIELDS = frozenset(("occurred_on", "occurred_at", "performed_by", "evidence"))
T = TypeVar("T", Envelope, Record)


def known_by(entries: Sequence[Entry], known_at: datetime | None) -> Sequence[Entry]:
    """The entries the log held at that moment: a prefix, even if a clock ever went back."""
    if known_at is None:
        return entries
    cut = next((i for i, e in enumerate(entries) if e.recorded_at > known_at), len(entries))
    return entries[:cut]


def happened_by(entries: Sequence[Entry], as_of: date | None) -> Sequence[Entry]:
    if as_of is None:
        return entries
    return [e for e in entries if e.env.occurred_on <= as_of]


def effective(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The same entries, the amended ones as they now read. Nothing is left out."""
    amendments = [e for e in entries if e.kind.amends]
    if not amendments:
        return entries
    by_target: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for amendment in amendments:
        by_target[target_of(amendment)].append(amendment)
    return [
        amend(e, by_target[e.env.record_id]) if e.env.record_id in by_target else e for e in entries
    ]


def target_of(amendment: Entry) -> UUID:
    assert isinstance(amendment.rec, EntryCorrected | EntryAnnulled)
    return amendment.rec.target


def amend(entry: Entry, amendments: Sequence[Entry]) -> Entry:
    corrections = tuple(a for a in amendments if isinstance(a.rec, EntryCorrected))
    annulments = (a for a in amendments if isinstance(a.rec, EntryAnnulled))
    amended = Amendments(entry, corrections, next(annulments, None))
    changes: dict[str, Any] = {}
    for correction in corrections:
        assert isinstance(correction.rec, EntryCorrected)
        changes |= correction.rec.changes
    return msgspec.structs.replace(
        entry,
        env=changed(entry.env, changes),
        rec=changed(entry.rec, changes),
        amended=amended,
    )


def changed(part: T, changes: dict[str, Any]) -> T:
    """The struct with the changes that name one of its fields, in the form it has."""
    mine = {name: v for name, v in changes.items() if name in part.__struct_fields__}
    if not mine:
        return part
    merged = msgspec.to_builtins(part) | mine
    return msgspec.convert(merged, type(part))
