"""The rules themselves, on a stream of their own: policies, terms, working days, closed days."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any

from msgspec import Meta

from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import CalendarCode, Policy, PolicyCode
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import NO_NUMBER_OF_SOMEBODY, PublicId
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import AlreadyOnFile, Implausible, NotOnFile
from services.casefile.domain.situation import Situation

SourceText = Annotated[str, Meta(min_length=2, max_length=120, pattern=NO_NUMBER_OF_SOMEBODY)]


@kind("policy", "Policy adopted", stream="rulebook", recordable=False)
class PolicyAdopted(Record):
    """From its effective day on, windows that begin are judged by this version."""

    document: Policy

    def check(self, situation: Situation) -> None:
        mine = situation.under(f"policies.{self.document.policy}")
        for known in mine.values():
            if known.value["version"] >= self.document.version:
                raise AlreadyOnFile("version", version=self.document.version)
            if known.value["effective_from"] >= self.document.effective_from:
                raise Implausible("effective_from", "not later than that of the version before")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        path = f"policies.{self.document.policy}.{self.document.version}"
        held = {"version": self.document.version, "effective_from": self.document.effective_from}
        yield path, held


@kind("policy_end", "Policy withdrawn", stream="rulebook", recordable=False)
class PolicyWithdrawn(Record):
    """The policy no longer holds from this day on."""

    policy: PolicyCode
    last_day: date
    approved_by: PublicId

    def check(self, situation: Situation) -> None:
        if not situation.under(f"policies.{self.policy}"):
            raise NotOnFile("policy", policy=self.policy)
        if self.last_day < situation.env.occurred_on:
            raise Implausible("last_day", "a day that is over has been judged already")


@kind("term_calendar", "Term calendar adopted", stream="rulebook", recordable=False)
class TermCalendarAdopted(Record):
    """The terms of a calendar; a term that is named again replaces the one that was there."""

    calendar: CalendarCode
    terms: Annotated[tuple[Term, ...], Meta(min_length=1, max_length=20)]
    source: SourceText

    def check(self, situation: Situation) -> None:
        for earlier, later in zip(self.terms, self.terms[1:], strict=False):
            if later.starts_on <= earlier.ends_on:
                raise Implausible("terms", "terms overlap or are not in order")
            if later.starts_on - earlier.ends_on > timedelta(days=100):
                raise Implausible("terms", "there is a hole between two terms")


@kind("holiday_notice", "Holiday notice loaded", stream="rulebook", recordable=False)
class HolidayNoticeLoaded(Record):
    """The days off and the make-up working days of one year, as officially announced."""

    year: Annotated[int, Meta(ge=2000, le=2100)]
    off: Annotated[tuple[date, ...], Meta(min_length=1, max_length=120)]
    work: Annotated[tuple[date, ...], Meta(max_length=60)]
    source: SourceText

    def check(self, situation: Situation) -> None:
        for field, days in (("off", self.off), ("work", self.work)):
            if any(day.year != self.year for day in days):
                raise Implausible(field, "names a day of another year")
        if set(self.off) & set(self.work):
            raise Implausible("work", "a day is either off or a working day")


@kind("day_closed", "Day closed", stream="rulebook", recordable=False)
class DayClosed(Record):
    """Everything this day brought has been declared."""

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "closed_until", entry.occurred_on
