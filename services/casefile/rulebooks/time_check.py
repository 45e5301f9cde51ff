"""Whether the database's time can be believed: the clock asks before it declares what stays declared."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.refusals import CasefileError
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.rulebooks.reading import Rulebooks


class TimeDoubted(CasefileError):
    """The database's time cannot be believed, so nothing is declared."""


class DatabaseClockAhead(TimeDoubted):
    """The database's clock is ahead of this machine's, so nothing is declared."""

    remedy = "Put right the one that is wrong; then the clock goes on by itself."

    def __init__(self, database: datetime, machine: datetime) -> None:
        super().__init__(database=told(database), machine=told(machine))


class LogSilentTooLong(TimeDoubted):
    """The log knows nothing of a long stretch of time, so nothing is declared."""

    remedy = (
        "If everything stood still as long as that: casefile clock --once --trust-time. "
        "If not, put the database's clock right."
    )

    def __init__(self, since: datetime, until: datetime) -> None:
        super().__init__(since=told(since), until=told(until), days=(until - since).days)


class Bounds(NamedTuple):
    """How far two clocks may disagree, and how long the log may be silent."""

    disagreement: timedelta = timedelta(minutes=60)
    silence: timedelta = timedelta(days=14)


def machine_clock() -> datetime:
    return datetime.now(UTC)


class TimeCheck:
    """Looks at this machine's clock, and at what the log has seen since a day was last closed."""

    def __init__(
        self,
        recorder: CasefileRecorder,
        rulebooks: Rulebooks,
        *,
        machine: Callable[[], datetime] = machine_clock,
        bounds: Bounds = Bounds(),  # noqa: B008 - it cannot be changed
    ) -> None:
        self._recorder, self._rulebooks, self._machine = recorder, rulebooks, machine
        self.bounds = bounds

    def ahead(self, moment: datetime) -> timedelta:
        """By how much the database, which says this moment, is ahead of this machine."""
        return moment - self._machine()

    def doubt(self, moment: datetime) -> TimeDoubted | None:
        """Why the moment that the database says cannot be believed; None if it can."""
        ahead = self.ahead(moment)
        if ahead > self.bounds.disagreement:
            return DatabaseClockAhead(moment, moment - ahead)
        return self._silence(moment)

    def _silence(self, moment: datetime) -> LogSilentTooLong | None:
        """A stretch in which no day was closed and nothing recorded, too long for a holiday."""
        closing = self._rulebooks.last_closing()
        if closing is None or moment - end_of(closing.occurred_on) <= self.bounds.silence:
            return None
        since, until = self._recorder.longest_silence(closing.position, moment)
        return LogSilentTooLong(since, until) if until - since > self.bounds.silence else None


def told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
