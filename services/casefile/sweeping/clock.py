"""The clock: keeps the board up with the log, declares what has come due, closes one day after another."""

from collections.abc import Iterator
from datetime import date, datetime
from threading import Event
from time import monotonic

import structlog

from services.casefile.application.context import SYSTEM, Context
from services.casefile.domain.cadence.days import ONE, day_in_china, end_of
from services.casefile.following import Following, Whereabouts
from services.casefile.following.errors import LOST
from services.casefile.following.parking import reason_of
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.rulebooks.time_check import TimeDoubted
from services.casefile.sweeping.leaping import Leaps
from services.casefile.sweeping.office import Office, Report, Time, as_it_is, in_silence
from services.casefile.sweeping.saying import Saying
from services.casefile.sweeping.status import Pass
from services.casefile.sweeping.sweeper import NEVER, Sweeper

FOLLOWED = ("obligations", "contacts")
TICK = 2.0
POLL = 0.25
# How often to look how far another process is, while something waits for it.
SOON = 0.03
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
CONTEXT = Context(actor=SYSTEM, source="system")

log = structlog.get_logger(__name__)


class Board:
    """The rows of the obligations, kept up by this process or by another that holds the lease."""

    def __init__(
        self, recorder: CasefileRecorder, following: Following, where: Whereabouts
    ) -> None:
        self._recorder, self._following, self._where = recorder, following, where

    def reach(self, position: int, stop: Event) -> bool:
        """Whether the rows have come so far; false when told to stop on the way."""
        while min(map(self._where.position, FOLLOWED)) < position:
            if stop.is_set():
                return False
            self.follow(SOON)
        return True

    def follow(self, patience: float) -> None:
        """Take the next page, or wait a little for one."""
        seen = self._recorder.waker.mark()
        if not self._following.step():
            self._recorder.waker.wait(patience, since=seen)

    def close(self) -> None:
        self._following.close()


class Clockwork:
    """Two of them may run: what one has declared the other finds declared."""

    def __init__(
        self,
        office: Office,
        board: Board,
        sweeper: Sweeper,
        *,
        time: Time = as_it_is,
        tick: float = TICK,
        is_trusted: bool = False,
    ) -> None:
        """`is_trusted`: somebody has looked at the database's clock and answers for it."""
        self._office, self._board, self._sweeper = office, board, sweeper
        self._time, self._tick, self._is_trusted = time, tick, is_trusted
        self._leaps = Leaps(office.time_check.bounds.disagreement)
        self._saying = Saying()

    def run(self, stop: Event) -> None:
        """Tick until told to stop; what passes by itself is waited out."""
        failures = 0
        while not stop.is_set():
            try:
                self._saying.of(self.once(self._saying.progress, stop))
                self._wait(stop)
                failures = 0
            except LOST as error:
                log.warning("clock_reconnects", reason=reason_of(error))
                self._board.close()
                stop.wait(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
        self._board.close()

    def once(self, report: Report = in_silence, stop: Event = NEVER) -> Pass:
        """One pass: close the days that are over, each after its sweep, then sweep up to now."""
        position, moment = self._office.recorder.watermark()
        closed_until = self._closed_until()
        done = Pass(self._time(moment), closed_until, doubt=self._doubt(moment))
        if done.is_held:
            return done
        for day in days_over(done.closed_until, done.now):
            if not self._sweep(done, end_of(day), position, report, stop):
                return done
            position = self._office.casefile.close_day(day, CONTEXT).reached
            done.close(day)
        self._sweep(done, done.now, position, report, stop)
        return done

    def _sweep(self, done: Pass, now: datetime, position: int, report: Report, stop: Event) -> bool:
        """Whether all that had come due by then is declared, and what came due by that."""
        while self._board.reach(position, stop):
            swept = self._sweeper.sweep(now, report, stop)
            done.swept.add(swept)
            if not swept.is_whole or not swept.declared:
                return swept.is_whole
            position = self._office.recorder.head()
        return False

    def _doubt(self, moment: datetime) -> TimeDoubted | None:
        if self._is_trusted:
            return None
        return self._office.time_check.doubt(moment) or self._leaps.doubt(moment)

    def _closed_until(self) -> date | None:
        return self._office.rulebooks.fresh().closed_until

    def _wait(self, stop: Event) -> None:
        deadline = monotonic() + self._tick
        while not stop.is_set() and (left := deadline - monotonic()) > 0:
            self._board.follow(min(left, POLL))


def days_over(closed_until: date | None, now: datetime) -> Iterator[date]:
    """The days that are over and not closed; the first time that there is none, only the last."""
    today = day_in_china(now)
    day = today - ONE if closed_until is None else closed_until + ONE
    while day < today:
        yield day
        day += ONE
