"""Declares of members of staff what they owe by number, once its window is closed.

Windows that closed up to a day that was closed have been declared, so only later ones are looked
at; killed on the way, the next sweep finds what is on file and does the rest.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from threading import Event
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.days import day_in_china, end_of
from services.casefile.domain.cadence.rulebook import Rulebook, Ruling
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.refusals import CasefileError
from services.casefile.following.errors import TRANSIENT
from services.casefile.following.parking import reason_of
from services.casefile.readmodels.contacts import has_held_any, have_held
from services.casefile.readmodels.quotas import Judged, Judging, quota_rulings, windows_of
from services.casefile.sweeping.office import Office, Report, in_silence
from services.casefile.sweeping.pending import Link
from services.casefile.sweeping.swept import Swept

CHUNK = 100
NEVER = Event()


class Closed(NamedTuple):
    """A window whose quotas are to be judged."""

    ruling: Ruling
    window: Window


class QuotaSweep:
    """One sweep of all quotas; the contacts have to have come as far as the log at `now`."""

    def __init__(self, office: Office, link: Link, *, chunk: int = CHUNK) -> None:
        self._office, self._link, self._chunk = office, link, chunk
        self._swept = Swept()

    def run(self, now: datetime, report: Report = in_silence, stop: Event = NEVER) -> Swept:
        """In the order in which the windows closed."""
        rulebook = self._office.rulebooks.fresh()
        windows = closed(rulebook, rulebook.closed_until, now)
        done = count(1)
        for each in windows:
            for ids in have_held_in_chunks(self._link, each.ruling, self._chunk):
                if stop.is_set():
                    self._swept.is_whole = False
                    return self._swept
                self._take(each, ids, now)
            report(next(done), len(windows))
        return self._swept

    def again(self, healed: UUID | None = None) -> Swept:
        """The windows of all closed days: of the member of staff whose file it is, or of everybody."""
        rulebook = self._office.rulebooks.fresh()
        if rulebook.closed_until is None:
            return self._swept
        now = end_of(rulebook.closed_until)
        is_one = healed is not None and has_held_any(self._link, healed)
        for each in closed(rulebook, None, now):
            everybody = have_held_in_chunks(self._link, each.ruling, self._chunk)
            for ids in [[healed]] if is_one and healed else everybody:
                self._take(each, ids, now)
        return self._swept

    def _take(self, each: Closed, ids: list[UUID], now: datetime) -> None:
        office = self._office
        units, position = office.rulebooks.units, office.recorder.head()
        judging = Judging(self._link, office.mapper, units, position)
        for judged in judging.judged(each.ruling, each.window, ids, now):
            self._swept.subjects += 1
            if judged.fault:
                self._swept.failed[judged.subject] = judged.fault
            elif judged.declaration is not None:
                self._declare(judged)

    def _declare(self, judged: Judged) -> None:
        assert judged.declaration is not None
        try:
            receipts = self._office.casefile.put_on_file(judged.subject, [judged.declaration])
        except TRANSIENT:
            raise
        except CasefileError as error:
            self._swept.failed[judged.subject] = reason_of(error)
            return
        self._swept.declared.update(each.kind for each in receipts if not each.is_replay)


def have_held_in_chunks(link: Link, ruling: Ruling, chunk: int) -> Iterator[list[UUID]]:
    """All who have ever held the post that a rule is for, some at a time."""
    role, after = ruling.rule.role or "", None
    while ids := have_held(link, role, after, chunk):
        after = ids[-1]
        yield ids


def closed(rulebook: Rulebook, after: date | None, now: datetime) -> list[Closed]:
    """The windows of quotas that closed after the end of a day, and by now."""
    since = end_of(after) if after else None
    found = [
        Closed(ruling, window)
        for ruling in quota_rulings(rulebook)
        for window in windows_of(rulebook, ruling, day_in_china(now))
        if window.closes_at <= now and (since is None or window.closes_at > since)
    ]
    return sorted(found, key=order)


def order(each: Closed) -> tuple[datetime, str, int, str, date]:
    ruling, window = each
    return (
        window.closes_at,
        ruling.policy.policy,
        ruling.policy.version,
        ruling.rule.code,
        window.starts_on,
    )
