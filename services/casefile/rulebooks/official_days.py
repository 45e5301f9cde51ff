"""The officially announced days off and make-up working days, and the site's own file of them."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import holidays
import msgspec

from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import CalendarCode
from services.casefile.domain.families.rulebook import (
    HolidayNoticeLoaded,
    SourceText,
    TermCalendarAdopted,
)
from services.casefile.domain.refusals import Invalid

COUNTRY = "CN"
DEFAULT_SOURCE = "the site's calendar file"
LARGEST = 256 * 1024


class CalendarFileNotUsable(Invalid):
    """The site's file of days off and terms cannot be used."""

    field = "calendar_file"
    remedy = "Put it right where it says, or take the file out of the settings."

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where=where, problem=problem)


class Year(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A year in the site's file."""

    off: tuple[date, ...]
    source: SourceText
    work: tuple[date, ...] = ()


class SiteTerm(Term, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term in the site's file."""

    calendar: CalendarCode = "default"
    source: SourceText = DEFAULT_SOURCE


class Site(NamedTuple):
    """What the site says itself; it goes before what is known in general."""

    notices: dict[int, HolidayNoticeLoaded]
    terms: tuple[TermCalendarAdopted, ...]


def official(year: int, site: Site | None = None) -> HolidayNoticeLoaded | None:
    """The notice of a year, or None while there is none: then the days are anybody's guess."""
    if site is not None and year in site.notices:
        return site.notices[year]
    return _known(year)


@cache
def _known(year: int) -> HolidayNoticeLoaded | None:
    """A notice names days to make up for others; what is only computed from rules has none."""
    days = holidays.country_holidays(COUNTRY, years=year)
    work = tuple(sorted(day for day in days.weekend_workdays if day.year == year))
    if not work:
        return None
    off = tuple(sorted(day for day in days if day.year == year))
    source = f"holidays {version('holidays')}"
    return HolidayNoticeLoaded(year=year, off=off, work=work, source=source)


def read_site(path: Path) -> Site:
    """Read `[2027] off=[…] work=[…] source="…"` and `[[terms]]`."""
    content = dict(_content(path))
    terms = _typed(content.pop("terms", []), tuple[SiteTerm, ...], "terms")
    return Site(dict(_notices(content)), tuple(_calendars(terms)))


def _content(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise CalendarFileNotUsable("file", "It is too large to be one")
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CalendarFileNotUsable("file", error.strerror or "It cannot be read") from None
    except UnicodeDecodeError:
        raise CalendarFileNotUsable("file", "It is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise CalendarFileNotUsable("file", str(error)) from None


def _notices(content: dict[str, Any]) -> Iterator[tuple[int, HolidayNoticeLoaded]]:
    for name, table in content.items():
        if not re.fullmatch(r"20\d\d", name):
            raise CalendarFileNotUsable("file", "It has a part that is neither a year nor terms")
        found: Year = _typed(table, Year, name)
        off, work = tuple(sorted(set(found.off))), tuple(sorted(set(found.work)))
        rec = {"year": int(name), "off": off, "work": work, "source": found.source}
        yield int(name), _typed(rec, HolidayNoticeLoaded, name)


def _calendars(terms: Iterable[SiteTerm]) -> Iterator[TermCalendarAdopted]:
    by_calendar: dict[tuple[str, str], list[Term]] = {}
    for site in terms:
        term = Term(
            code=site.code, starts_on=site.starts_on, ends_on=site.ends_on, mid_on=site.mid_on
        )
        by_calendar.setdefault((site.calendar, site.source), []).append(term)
    for (calendar, source), named in by_calendar.items():
        rec = {"calendar": calendar, "terms": named, "source": source}
        yield _typed(msgspec.to_builtins(rec), TermCalendarAdopted, "terms")


def _typed(data: Any, form: Any, where: str) -> Any:
    try:
        return msgspec.convert(data, form)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise CalendarFileNotUsable(where + path.rstrip("`"), problem) from None
