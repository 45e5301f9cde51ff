"""What the county has resolved in the past weeks and months, so that its boards have something to show."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid5

import msgspec

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.county import County, Worker
from services.casefile.demo.planned import Planned
from services.casefile.demo.policies import policies
from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.rulebooks.official_days import official

ADOPTED_BEFORE = timedelta(days=10)


def rules(place: County, calendar: Calendar) -> list[Planned]:
    """The rulebook's stream, in the order in which it was written."""
    told = [
        *_notices(place.officer, calendar),
        *_terms(place.officer, calendar),
        *_policies(place, calendar),
    ]
    return sorted(told, key=lambda planned: planned.recorded_at)


def _notices(officer: Worker, calendar: Calendar) -> Iterator[Planned]:
    """The days off of a year are announced in the November before."""
    for year in range(calendar.start.year, calendar.today.year + 2):
        notice = official(year)
        on = max(date(year - 1, 11, 15), calendar.start)
        if notice is not None and on < calendar.today:
            yield _planned("holiday_notice", f"{year}", msgspec.to_builtins(notice), on, officer)


def _terms(officer: Worker, calendar: Calendar) -> Iterator[Planned]:
    """The terms of a school year are set in the March before."""
    for year in range(calendar.start.year - 1, calendar.today.year + 1):
        on = max(date(year, 3, 1), calendar.start)
        if on < calendar.today:
            body = {
                "calendar": "default",
                "terms": msgspec.to_builtins(terms_of(year)),
                "source": "禾苗县教育局校历(虚构)",
            }
            yield _planned("term_calendar", f"{year}", body, on, officer)


def terms_of(year: int) -> tuple[Term, Term]:
    code = f"{year}-{year + 1}"
    return (
        Term(code=f"{code}-1", starts_on=date(year, 9, 1), ends_on=date(year + 1, 1, 18)),
        Term(code=f"{code}-2", starts_on=date(year + 1, 2, 20), ends_on=date(year + 1, 7, 3)),
    )


def _policies(place: County, calendar: Calendar) -> Iterator[Planned]:
    for policy in policies(place, calendar):
        on = policy.effective_from - ADOPTED_BEFORE
        body = {"document": msgspec.to_builtins(policy)}
        yield _planned("policy", policy.policy, body, on, place.officer)


def _planned(slug: str, name: str, body: dict[str, Any], on: date, officer: Worker) -> Planned:
    at = datetime.combine(on, time(2), UTC)
    return Planned(RULEBOOK, slug, body, on, at, officer, uuid5(RULEBOOK, f"demo|{slug}|{name}"))
