"""Which policies there are, which version held on a day, and which terms and days off are known."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.casefile.domain.cadence.days import ONE
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.cadence.rulebook import calendars_of
from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.rulebook import (
    HolidayNoticeLoaded,
    PolicyAdopted,
    PolicyWithdrawn,
    TermCalendarAdopted,
)
from services.casefile.domain.refusals import Absent
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.history.rulebook_rows import (
    Calendars,
    NoticeOfYear,
    PolicyDetail,
    PolicyVersion,
    TermsOfCalendar,
    version_of,
)
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder


class PolicyNotFound(Absent):
    """No policy with this code and version was ever adopted."""

    remedy = "List the policies with GET /v1/policies, or with `casefile policy list`."


class Adoption(NamedTuple):
    """A version of a policy and the entry that brought it in."""

    entry: Entry
    document: Policy


class RulebookReader:
    """Reads the rulebook's own stream whenever somebody asks."""

    def __init__(self, recorder: CasefileRecorder, mapper: CasefileMapper) -> None:
        self._recorder = recorder
        self._mapper = mapper

    def versions(self) -> list[PolicyVersion]:
        """Every version of every policy, by code and version."""
        entries = self._entries()
        codes = sorted({a.document.policy for a in adoptions(entries)})
        return [version for code in codes for version in versions_of(code, entries)]

    def policy(self, code: str, on: date, version: int | None = None) -> PolicyDetail:
        """One policy; without a version the one in force on the day, or else the latest."""
        entries = self._entries()
        versions = list(versions_of(code, entries))
        in_force = next((v.version for v in versions if v.holds_on(on)), None)
        latest = versions[-1].version if versions else None
        shown = version or in_force or latest
        documents = {a.document.version: a.document for a in adoptions(entries, code)}
        if shown is None or shown not in documents:
            raise PolicyNotFound
        return PolicyDetail(
            policy=code,
            on=on,
            in_force=in_force,
            shown=shown,
            versions=tuple(versions),
            document=documents[shown],
        )

    def calendars(self) -> Calendars:
        entries = self._entries()
        return Calendars(
            calendars=tuple(terms_in(entries)),
            notices=tuple(sorted(notices_in(entries), key=lambda n: n.year)),
        )

    def _entries(self) -> Sequence[Entry]:
        entries = self._mapper.entries(RULEBOOK, self._recorder.stream(RULEBOOK))
        return [e for e in effective(entries) if not e.is_annulled]


def adoptions(entries: Sequence[Entry], code: str | None = None) -> list[Adoption]:
    found = (Adoption(e, e.rec.document) for e in entries if isinstance(e.rec, PolicyAdopted))
    return [a for a in found if code is None or a.document.policy == code]


def versions_of(code: str, entries: Sequence[Entry]) -> Iterator[PolicyVersion]:
    """A version holds until the next one does, or until the policy was withdrawn."""
    adopted = adoptions(entries, code)
    for place, (entry, document) in enumerate(adopted):
        later = adopted[place + 1] if place + 1 < len(adopted) else None
        ended = last_days(code, entries, entry, later)
        replaced = [later.document.effective_from - ONE] if later is not None else []
        last_day = min((*ended, *replaced), default=None)
        yield version_of(entry, document, last_day, withdrawn=last_day in ended)


def last_days(
    code: str, entries: Sequence[Entry], since: Entry, later: Adoption | None
) -> list[date]:
    """The last days that were set after one version was adopted and before the next."""
    until = later.entry.version if later is not None else entries[-1].version + 1
    between = (e.rec for e in entries if since.version < e.version < until)
    return [r.last_day for r in between if isinstance(r, PolicyWithdrawn) and r.policy == code]


def terms_in(entries: Sequence[Entry]) -> Iterator[TermsOfCalendar]:
    """The terms as judging knows them, each calendar with its latest source."""
    calendars = calendars_of(entries)
    latest = {
        e.rec.calendar: (e.rec.source, e.recorded_at)
        for e in entries
        if isinstance(e.rec, TermCalendarAdopted)
    }
    for code, (source, recorded_at) in sorted(latest.items()):
        yield TermsOfCalendar(
            calendar=code, terms=calendars[code].terms, source=source, recorded_at=recorded_at
        )


def notices_in(entries: Sequence[Entry]) -> list[NoticeOfYear]:
    """The latest of each year."""
    latest = {
        e.rec.year: NoticeOfYear(
            year=e.rec.year,
            off=e.rec.off,
            work=e.rec.work,
            source=e.rec.source,
            recorded_at=e.recorded_at,
        )
        for e in entries
        if isinstance(e.rec, HolidayNoticeLoaded)
    }
    return list(latest.values())
