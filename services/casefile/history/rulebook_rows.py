"""The rulebook as people read it: versions of policies, terms and notices."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.entry import Entry


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a policy: from which day until which, and who approved of it."""

    policy: str
    version: int
    title: str
    effective_from: date
    last_day: date | None
    withdrawn: bool
    approved_by: str
    unit: str | None
    calendar: str
    rules: int
    example: bool
    record_id: UUID
    position: int
    recorded_at: datetime
    recorded_by: str

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.last_day is None or day <= self.last_day)


class PolicyDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A policy: all its versions, and the document of one of them.

    `in_force` is the version that holds on the day asked about, if one does.
    """

    policy: str
    on: date
    in_force: int | None
    shown: int
    versions: tuple[PolicyVersion, ...]
    document: Policy


class TermsOfCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of one calendar, as they stand."""

    calendar: str
    terms: tuple[Term, ...]
    source: str
    recorded_at: datetime


class NoticeOfYear(msgspec.Struct, frozen=True, kw_only=True):
    """Days off and make-up working days of one year, as officially announced."""

    year: int
    off: tuple[date, ...]
    work: tuple[date, ...]
    source: str
    recorded_at: datetime


class Calendars(msgspec.Struct, frozen=True, kw_only=True):
    """All terms and all notices; a year without a notice is provisional."""

    calendars: tuple[TermsOfCalendar, ...]
    notices: tuple[NoticeOfYear, ...]


def version_of(
    entry: Entry, document: Policy, last_day: date | None, *, withdrawn: bool
) -> PolicyVersion:
    return PolicyVersion(
        policy=document.policy,
        version=document.version,
        title=document.title,
        effective_from=document.effective_from,
        last_day=last_day,
        withdrawn=withdrawn,
        approved_by=document.approved_by,
        unit=document.unit,
        calendar=document.calendar,
        rules=len(document.rules),
        example=document.example,
        record_id=entry.record_id,
        position=entry.position,
        recorded_at=entry.recorded_at,
        recorded_by=entry.env.recorded_by.staff,
    )
