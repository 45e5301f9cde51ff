"""What stands behind a record: the record itself, and what was added to it later.

A grade says how much could be asked after, never whether the record is true. It is a pure function
of one stream: a later entry can raise a grade, an annulment of that entry takes it away again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.contact import HomeVisitAttempted, HomeVisitMade
from services.casefile.domain.families.correction import EntryCountersigned
from services.casefile.domain.families.delivery import FundingDeliveryVerified
from services.casefile.domain.families.examination import RecordConfirmed
from services.casefile.domain.personal import DataClass
from services.casefile.domain.record import Record
from services.casefile.domain.twins import Spec, struct_spec

PEOPLE = ("child", "guardian", "parent")


class Grade(IntEnum):
    """From the weakest to the strongest."""

    CLAIMED = 1
    DESCRIBED = 2
    ATTACHMENT = 3
    SECOND_PERSON = 4
    CONFIRMED = 5


NAMES = tuple(grade.name.lower() for grade in Grade)
Grades = Mapping[UUID, Grade]


def grade_named(name: str) -> Grade:
    return Grade[name.upper()]


def of_record(entry: Entry) -> Grade:
    """What the record brings itself, as it now reads."""
    if has_second_person(entry):
        return Grade.SECOND_PERSON
    if entry.env.evidence:
        return Grade.ATTACHMENT
    return Grade.DESCRIBED if is_described(entry.rec) else Grade.CLAIMED


def added(entries: Sequence[Entry]) -> dict[UUID, Grade]:
    """What entries of a stream that count bring to earlier records, by record."""
    found: dict[UUID, Grade] = {}
    for entry in entries:
        raised = raised_by(entry)
        if raised is not None and not entry.is_annulled:
            target, grade = raised
            found[target] = max(grade, found.get(target, grade))
    return found


def grade(entry: Entry, later: Grades) -> Grade:
    """The grade of a record, with what was added to it."""
    own = of_record(entry)
    return max(own, later.get(entry.record_id, own))


def raises(rec: Record) -> bool:
    """Whether a record can raise the grade of another one."""
    return isinstance(rec, EntryCountersigned | FundingDeliveryVerified | RecordConfirmed)


def raised_by(entry: Entry) -> tuple[UUID, Grade] | None:
    """The record whose grade this entry raises, and how far."""
    rec = entry.rec
    if isinstance(rec, EntryCountersigned):
        return (rec.target, Grade.SECOND_PERSON) if rec.outcome == "confirmed" else None
    if isinstance(rec, FundingDeliveryVerified):
        about = rec.disbursement or rec.grant
        is_theirs = rec.asked in PEOPLE and rec.found != "not_received"
        return (about, Grade.CONFIRMED) if is_theirs and about is not None else None
    if isinstance(rec, RecordConfirmed):
        return rec.target, Grade.CONFIRMED
    return None


def has_second_person(entry: Entry) -> bool:
    """Whether another member of staff is named who was there and can be asked."""
    if not isinstance(entry.rec, HomeVisitMade | HomeVisitAttempted) or not entry.rec.visitors:
        return False
    first = (entry.env.performed_by or entry.env.recorded_by).staff
    return any(v.staff not in (None, first) for v in entry.rec.visitors)


def is_described(rec: Record) -> bool:
    """Whether it says something in words of its own; a name or an address does not."""
    return any(wrote(rec) for wrote in narratives(type(rec)))


@cache
def narratives(cls: type[Record]) -> tuple[Callable[[Record], bool], ...]:
    """For each part of a record that may hold a narrative, how to see whether it does."""
    spec = struct_spec(plain(cls)) or {}
    return tuple(_saying(name, each) for name, each in spec.items() if is_narrative(each))


def plain(cls: type[Record]) -> type[Record]:
    """The record class, given the class itself or its stored form."""
    return cls if struct_spec(cls) is not None else cls.__mro__[1]


def is_narrative(spec: Spec) -> bool:
    if isinstance(spec, DataClass):
        return spec is DataClass.WELFARE
    return any(is_narrative(each) for each in (spec.values() if isinstance(spec, dict) else spec))


def _saying(name: str, spec: Spec) -> Callable[[Record], bool]:
    if isinstance(spec, DataClass):
        return lambda rec: bool(getattr(rec, name))
    return lambda rec: any(_words(getattr(rec, name), spec))


def _words(value: Any, spec: Spec) -> Iterator[bool]:
    if value is None:
        return
    if isinstance(spec, DataClass):
        yield spec is DataClass.WELFARE
        return
    if isinstance(spec, dict):
        for name, each in spec.items():
            inner = getattr(value, name) if isinstance(value, msgspec.Struct) else None
            yield from _words(inner, each)
        return
    for each in value:
        yield from _words(each, spec[0])
