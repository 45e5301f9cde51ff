"""What each member of staff owes by number, and has done of it: n of N children in a window.

Found through the contacts, then judged from the streams themselves, so that what the clock
declares and what a board shows are the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.known import Known
from services.casefile.domain.cadence.obligation import Declaration
from services.casefile.domain.cadence.quota import Ledger, Quota
from services.casefile.domain.cadence.rounds import schedule_of
from services.casefile.domain.cadence.rulebook import Rulebook, Ruling, Units
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.refusals import NotOnFile, Unreadable
from services.casefile.domain.stream_ids import staff_stream
from services.casefile.following import Whereabouts
from services.casefile.following.pages import Streams
from services.casefile.log.mapper import CasefileMapper
from services.casefile.readmodels.contacts import Link, have_held, may_have_reached
from services.casefile.readmodels.pages import LONGEST, Cursor, Page, Pool
from services.casefile.rulebooks.reading import Rulebooks

MODEL = "contacts"


class Judged(NamedTuple):
    """A quota with what the log has yet to say of it; or why nobody can tell.

    `is_founded`: what the log does say of it would be said again.
    """

    subject: UUID
    quota: Quota | None
    declaration: Declaration | None = None
    is_founded: bool = True
    fault: str = ""


class Quotas:
    """Questions about members of staff, week by week."""

    def __init__(self, pool: Pool, mapper: CasefileMapper, rulebooks: Rulebooks) -> None:
        self._pool, self._mapper, self._rulebooks = pool, mapper, rulebooks

    def rules(self, day: date) -> list[Ruling]:
        """The rules for workers with a window that a day lies in."""
        rulebook = self._rulebooks.current()
        return [r for r in quota_rulings(rulebook) if window_on(rulebook, r, day) is not None]

    def page(
        self,
        policy: str,
        rule: str,
        day: date,
        now: datetime,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page[Quota]:
        """Everybody who owes it in the window that the day lies in, by the order of their streams.

        A page may be shorter than its limit although there are more.
        """
        size = max(1, min(limit, LONGEST))
        ruling, window = self._window(policy, rule, day)
        with self._open() as (link, judging):
            ids = have_held(link, ruling.rule.role or "", UUID(after[0]) if after else None, size)
            rows = quotas(judging.judged(ruling, window, ids, now))
        return Page(rows, (str(ids[-1]),) if len(ids) == size else None)

    def of(self, staff: str, day: date, now: datetime) -> list[Quota]:
        """What one member of staff owes in the windows that the day lies in."""
        rulebook, mine = self._rulebooks.current(), [staff_stream(staff)]
        with self._open() as (_, judging):
            return [
                quota
                for ruling in self.rules(day)
                if (window := window_on(rulebook, ruling, day)) is not None
                for quota in quotas(judging.judged(ruling, window, mine, now))
            ]

    @contextmanager
    def _open(self) -> Iterator[tuple[Link, "Judging"]]:
        """The streams are read as far as the contacts have come."""
        position = Whereabouts(self._pool).position(MODEL)
        with self._pool.connection() as link:
            yield link, Judging(link, self._mapper, self._rulebooks.units, position)

    def _window(self, policy: str, rule: str, day: date) -> tuple[Ruling, Window]:
        rulebook = self._rulebooks.current()
        for ruling in quota_rulings(rulebook):
            if (ruling.policy.policy, ruling.rule.code) == (policy, rule):
                window = window_on(rulebook, ruling, day)
                if window is not None:
                    return ruling, window
        raise NotOnFile("rule", policy=policy, rule=rule)


class Judging:
    """Judges quotas from the streams up to a position; remembers what it has read."""

    def __init__(self, link: Link, mapper: CasefileMapper, units: Units, position: int) -> None:
        self._link, self._units = link, units
        self._streams = Streams(link, mapper, position)

    def judged(
        self, ruling: Ruling, window: Window, stream_ids: Sequence[UUID], now: datetime
    ) -> Iterator[Judged]:
        """Those of the members of staff who hold the post; who cannot be judged stops no other."""
        ledgers = []
        for stream in self._streams.of(stream_ids):
            try:
                ledger = Ledger(stream.id, Known(stream.entries), ruling, window, now)
            except Unreadable as error:
                yield Judged(stream.id, None, fault=error.code)
                continue
            if ledger.missed is not None or ledger.held(self._units).days:
                ledgers.append(ledger)
        reached = self._may_have_reached(ruling, window, [ledger.staff for ledger in ledgers])
        for ledger in ledgers:
            yield self._judge(ledger, reached[ledger.staff])

    def _judge(self, ledger: Ledger, case_ids: Sequence[UUID]) -> Judged:
        subject = ledger.about.subject
        try:
            children = {each.id: Known(each.entries) for each in self._streams.of(case_ids)}
            quota = ledger.judged(self._units, children)
        except Unreadable as error:
            return Judged(subject, None, fault=error.code)
        if quota is None:
            return Judged(subject, None)
        is_founded = ledger.is_founded(quota, self._units)
        return Judged(subject, quota, ledger.declaration(quota), is_founded)

    def _may_have_reached(
        self, ruling: Ruling, window: Window, staff: Sequence[str]
    ) -> dict[str, list[UUID]]:
        found = may_have_reached(
            self._link, staff, ruling.rule.kinds, window.starts_on, window.ends_on, window.closes_at
        )
        # Read all at once what is then looked at one by one.
        self._streams.of(list({case_id for each in found.values() for case_id in each}))
        return found


def quotas(every: Iterable[Judged]) -> list[Quota]:
    return [each.quota for each in every if each.quota is not None]


def quota_rulings(rulebook: Rulebook) -> list[Ruling]:
    return [ruling for ruling in rulebook.rulings if ruling.rule.subject == "worker"]


def windows_of(rulebook: Rulebook, ruling: Ruling, until: date) -> list[Window]:
    """The windows that begin by a day, in the order of their ends."""
    windows = (each.window for each in schedule_of(rulebook, ruling, until))
    return [window for window in windows if window.starts_on <= until]


def window_on(rulebook: Rulebook, ruling: Ruling, day: date) -> Window | None:
    windows = windows_of(rulebook, ruling, day)
    return next((w for w in windows if w.starts_on <= day <= w.ends_on), None)
