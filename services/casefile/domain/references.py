"""Finds the earlier record that a record refers to, in the same stream."""

from typing import TypeVar
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import EndBeforeStart, NotOnFile
from services.casefile.domain.situation import Situation

R = TypeVar("R", bound=Record)


def referred(situation: Situation, record_id: UUID, of: type[R] | tuple[type[R], ...]) -> Entry:
    """The entry of that kind, which still counts and does not lie later than this record."""
    entry = situation.records.get(record_id)
    if entry is None or entry.is_annulled or not isinstance(entry.rec, of):
        raise NotOnFile("record", record_id=str(record_id))
    if situation.env.occurred_on < entry.occurred_on:
        raise EndBeforeStart("occurred_on")
    return entry


def not_before_fact(situation: Situation, path: str) -> None:
    """Refuse a day that lies before the fact came to be."""
    fact = situation.facts.get(path)
    if fact is not None and situation.env.occurred_on < fact.since:
        raise EndBeforeStart("occurred_on")
