"""Terms and working days, as they were known on a day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated

import msgspec
from msgspec import Meta

TermCode = Annotated[str, Meta(pattern=r"^\d{4}-\d{4}-[12]$")]


class Term(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A school term; `mid_on` is the middle of it unless it is named."""

    code: TermCode
    starts_on: date
    ends_on: date
    mid_on: date | None = None

    @property
    def middle(self) -> date:
        return self.mid_on or self.starts_on + (self.ends_on - self.starts_on) // 2


class Notice(msgspec.Struct, frozen=True):
    """The official days off and make-up working days of a year, and since when they are known."""

    year: int
    off: frozenset[date]
    work: frozenset[date]
    known_on: date


class TermsLoaded(msgspec.Struct, frozen=True):
    """Terms, and since when they are known."""

    terms: tuple[Term, ...]
    known_on: date


class Calendar:
    """Answers as of what was known on a day, so that no deadline is ever computed anew."""

    def __init__(self, notices: Sequence[Notice] = (), terms: Sequence[TermsLoaded] = ()) -> None:
        self._notices = tuple(notices)
        self._loaded = tuple(terms)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """All terms in order; one that is over when it is named again stays as it was."""
        found: dict[str, Term] = {}
        for loaded in self._loaded:
            for term in loaded.terms:
                known = found.get(term.code)
                if known is None or known.ends_on >= loaded.known_on:
                    found[term.code] = term
        return tuple(sorted(found.values(), key=lambda term: term.starts_on))

    def term_on(self, day: date) -> Term | None:
        return next((t for t in self.terms if t.starts_on <= day <= t.ends_on), None)

    def terms_between(self, since: date, until: date) -> Iterable[Term]:
        return (t for t in self.terms if t.ends_on >= since and t.starts_on <= until)

    def is_official(self, year: int, known_on: date) -> bool:
        """Whether the notice of that year was known by then; without it the days are provisional."""
        return self._notice(year, known_on) is not None

    def is_working_day(self, day: date, known_on: date) -> bool:
        notice = self._notice(day.year, known_on)
        if notice is not None and (day in notice.off or day in notice.work):
            return day in notice.work
        return day.weekday() < 5

    def rolled(self, day: date, how: str, known_on: date) -> date:
        """The day itself, or the next or previous working day."""
        if how == "keep":
            return day
        step = timedelta(days=1 if how == "next_working_day" else -1)
        while not self.is_working_day(day, known_on):
            day += step
        return day

    def after_working_days(self, day: date, count: int, known_on: date) -> date:
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day, known_on)
        return day

    def _notice(self, year: int, known_on: date) -> Notice | None:
        known = [n for n in self._notices if n.year == year and n.known_on <= known_on]
        return known[-1] if known else None
