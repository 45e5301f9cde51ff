"""The rules themselves, on a stream of their own: policies, terms, working days, closed days."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from msgspec import Meta

from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import ONE_LINE, CalendarCode, Policy, PolicyCode
from services.casefile.domain.cadence.refusals import (
    CalendarNotFound,
    CalendarTooShort,
    PolicyVersionTaken,
)
from services.casefile.domain.cadence.terms import (
    check_change,
    check_terms,
    covers,
    needs_terms,
)
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import PublicId
from services.casefile.domain.facts import Fact
from services.casefile.domain.record import Record, kind
from services.casefile.domain.refusals import AlreadyOnFile, Implausible, NotOnFile
from services.casefile.domain.situation import Situation

SourceText = Annotated[str, Meta(min_length=2, max_length=120, pattern=ONE_LINE)]
SATURDAY = 5


@kind("policy", "Policy adopted", stream="rulebook", recordable=False, publishes=("document",))
class PolicyAdopted(Record):
    """From its effective day on, windows that begin are judged by this version."""

    document: Policy

    def check(self, situation: Situation) -> None:
        if (known := latest_version(situation, self.document.policy)) is not None:
            self._check_succession(situation, known)
        terms = terms_on_file(situation, self.document.calendar)
        if not terms and (needs_terms(self.document) or self.document.calendar != "default"):
            raise CalendarNotFound("calendar", calendar=self.document.calendar)
        if needs_terms(self.document) and not covers(terms, self.document.effective_from):
            raise CalendarTooShort("effective_from", calendar=self.document.calendar)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        path = f"policies.{self.document.policy}.{self.document.version}"
        yield path, self.document
        yield f"withdrawn.{self.document.policy}", None

    def _check_succession(self, situation: Situation, known: Fact) -> None:
        latest: Policy = known.value
        if latest.version >= self.document.version:
            raise PolicyVersionTaken(policy=latest.policy, latest=latest.version)
        if latest.effective_from >= self.document.effective_from:
            raise Implausible("effective_from", "not later than that of the version before")
        if self.document.effective_from < situation.today and known.since < situation.today:
            raise Implausible("effective_from", "a day that is over has been judged already")


@kind(
    "policy_end",
    "Policy withdrawn",
    stream="rulebook",
    recordable=False,
    publishes=("policy", "last_day"),
)
class PolicyWithdrawn(Record):
    """The policy no longer holds from this day on."""

    policy: PolicyCode
    last_day: date
    approved_by: PublicId

    def check(self, situation: Situation) -> None:
        if latest_version(situation, self.policy) is None:
            raise NotOnFile("policy", policy=self.policy)
        if self.last_day < situation.env.occurred_on:
            raise Implausible("last_day", "a day that is over has been judged already")
        ended: date | None = situation.fact(f"withdrawn.{self.policy}")
        if ended is not None and ended <= self.last_day:
            raise AlreadyOnFile("withdrawal", policy=self.policy)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"withdrawn.{self.policy}", self.last_day


@kind(
    "term_calendar",
    "Term calendar adopted",
    stream="rulebook",
    recordable=False,
    publishes=("calendar", "terms"),
)
class TermCalendarAdopted(Record):
    """The terms of a calendar; a term that is named again replaces the one that was there."""

    calendar: CalendarCode
    terms: Annotated[tuple[Term, ...], Meta(min_length=1, max_length=20)]
    source: SourceText

    def check(self, situation: Situation) -> None:
        on_file = {term.code: term for term in terms_on_file(situation, self.calendar)}
        check_change(on_file, self.terms, situation.today)
        merged = on_file | {term.code: term for term in self.terms}
        check_terms(self.terms, merged.values())

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        for term in self.terms:
            yield f"terms.{self.calendar}.{term.code}", term


@kind(
    "holiday_notice",
    "Holiday notice loaded",
    stream="rulebook",
    recordable=False,
    publishes=("year", "off", "work"),
)
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
        if any(day.weekday() < SATURDAY for day in self.work):
            raise Implausible("work", "a make-up working day lies on a weekend")
        known = situation.fact(f"notices.{self.year}")
        if known is not None:
            self._keep("off", known["off"], situation.today)
            self._keep("work", known["work"], situation.today)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"notices.{self.year}", {"off": self.off, "work": self.work}

    def _keep(self, field: str, known: Iterable[date], today: date) -> None:
        changed = set(known) ^ set(getattr(self, field))
        if any(day < today for day in changed):
            raise Implausible(field, "a day that is over stays as it was announced")


@kind("day_closed", "Day closed", stream="rulebook", recordable=False, publishes=())
class DayClosed(Record):
    """Everything this day brought has been declared."""

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "closed_until", entry.occurred_on


def latest_version(situation: Situation, policy: str) -> Fact | None:
    versions = situation.under(f"policies.{policy}").values()
    return max(versions, key=lambda fact: int(fact.value.version), default=None)


def terms_on_file(situation: Situation, calendar: str) -> list[Term]:
    """The terms of a calendar; codes of calendars may have dots in them, those of terms have none."""
    named = situation.under(f"terms.{calendar}").items()
    return [fact.value for code, fact in named if "." not in code]
