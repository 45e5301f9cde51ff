"""A time that cannot be right declares nothing; downtime is made up for all the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.casefile.domain.cadence.days import ONE, day_in_china
from services.casefile.rulebooks.time_check import (
    DatabaseClockAhead,
    LogSilentTooLong,
    TimeCheck,
)
from services.casefile.sweeping.clock import Clockwork
from services.casefile.sweeping.leaping import Leaps, TimeLeapt
from services.casefile.sweeping.status import Pass
from tests.casefile.following.test_one_follows import until
from tests.casefile.sweeping.lives import Told, at_ten, child_id, lives
from tests.casefile.sweeping.rehearsal import Rehearsal, policy, rehearsal, rule, ticking
from tests.casefile.sweeping.skewed import make_skewed, skew
from tests.servers import Database

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TALK = rule("talk.days", "talk", {"shape": "interval", "days": 3}, entry_deadline_days=0)


@dataclass
class Office:
    """A clock that has closed yesterday, and two clocks to turn: the database's and the machine's."""

    march: Rehearsal
    machine_ahead: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.parts = self.march.parts
        check = TimeCheck(self.parts.recorder, self.parts.rulebooks, machine=self.machine)
        self.march.parts = replace(self.parts, time_check=check)

    def machine(self) -> datetime:
        return datetime.now(UTC) + self.machine_ahead

    def turn(self, database: timedelta, machine: timedelta = timedelta()) -> None:
        skew(self.march.database.admin, database)
        self.machine_ahead = machine

    def clock(self, *, is_trusted: bool = False) -> Clockwork:
        """As it is after a start."""
        march = self.march
        return Clockwork(march.parts, march.board, march.sweeper, tick=0.05, is_trusted=is_trusted)

    def tick(self, *, is_trusted: bool = False) -> Pass:
        return self.clock(is_trusted=is_trusted).once()


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    make_skewed(database.admin)
    with rehearsal(database, tmp_path, datetime.now(UTC)) as march:
        march.adopt(policy(TALK, since=today().isoformat()))
        march.tell(lives(3, today() - ONE, today() - ONE))
        office = Office(march)
        assert not office.tick().is_held
        yield office


def today() -> date:
    return day_in_china(datetime.now(UTC))


def untouched(office: Office) -> bool:
    """Whether nothing was declared, and no day closed but the first."""
    return office.march.declarations() == [] and len(office.march.closed_days()) == 1


def test_a_database_that_is_hours_ahead_of_this_machine_declares_nothing(office: Office) -> None:
    office.turn(database=10 * DAY)

    done = office.tick()

    assert isinstance(done.doubt, DatabaseClockAhead)
    assert untouched(office)


def test_once_the_clock_is_right_it_goes_on_by_itself(office: Office) -> None:
    clock = office.clock()
    office.turn(database=10 * DAY)
    held = clock.once()
    office.turn(database=timedelta())
    right = clock.once()

    assert held.is_held
    assert not right.is_held
    assert untouched(office)


def test_a_few_minutes_between_the_two_clocks_are_nothing(office: Office) -> None:
    office.turn(database=10 * DAY + 50 * timedelta(minutes=1), machine=10 * DAY)

    done = office.tick()

    assert not done.is_held
    assert len(done.days) == 10


def test_a_database_that_is_behind_this_machine_declares_late_and_not_too_early(
    office: Office,
) -> None:
    office.turn(database=2 * DAY, machine=9 * DAY)

    done = office.tick()

    assert not done.is_held
    assert len(done.days) == 2


def test_a_week_of_downtime_is_made_up_for_without_a_question(office: Office) -> None:
    office.turn(database=8 * DAY, machine=8 * DAY)

    done = office.tick()

    assert len(done.days) == 8
    assert len(office.march.of("obligation_missed")) == 2 * 3


def test_weeks_of_which_the_log_knows_nothing_are_not_believed(office: Office) -> None:
    office.turn(database=20 * DAY, machine=20 * DAY)

    done = office.tick()

    assert isinstance(done.doubt, LogSilentTooLong)
    assert done.doubt.data["days"] >= 18
    assert untouched(office)


def test_what_is_recorded_under_a_clock_that_jumped_does_not_vouch_for_it(office: Office) -> None:
    office.turn(database=20 * DAY, machine=20 * DAY)
    office.march.tell([talked(today() + 20 * DAY)])

    done = office.tick()

    assert isinstance(done.doubt, LogSilentTooLong)
    assert untouched(office)


def test_weeks_without_a_clock_are_believed_if_people_went_on_recording(office: Office) -> None:
    office.march.tell([talked(today() + days * DAY) for days in (10, 20, 30)])
    office.turn(database=40 * DAY, machine=40 * DAY)

    done = office.tick()

    assert not done.is_held
    assert len(done.days) == 40


def test_whoever_has_looked_can_say_that_the_time_is_right(office: Office) -> None:
    running = office.clock()
    office.turn(database=20 * DAY, machine=20 * DAY)

    trusted = office.tick(is_trusted=True)

    assert len(trusted.days) == 20
    assert len(office.march.of("obligation_missed")) == 6 * 3
    assert not running.once().is_held


def test_a_leap_is_not_believed_while_the_clock_runs(office: Office) -> None:
    running = office.clock()
    running.once()
    office.turn(database=5 * DAY, machine=5 * DAY)

    leapt, still = running.once(), running.once()
    held = untouched(office)
    started_again = office.tick()

    assert isinstance(leapt.doubt, TimeLeapt)
    assert isinstance(still.doubt, TimeLeapt)
    assert held
    assert len(started_again.days) == 5


@pytest.mark.parametrize("passed", [2.0, 7 * DAY.total_seconds()], ids=["a tick", "a week asleep"])
def test_time_that_has_passed_is_no_leap(passed: float) -> None:
    seconds = [100.0]
    leaps = Leaps(HOUR, lambda: seconds[0])
    start = datetime(2036, 3, 1, tzinfo=UTC)

    first = leaps.doubt(start)
    seconds[0] += passed
    on_time = leaps.doubt(start + timedelta(seconds=passed) + HOUR)
    beyond = leaps.doubt(start + timedelta(seconds=passed) + 3 * HOUR)
    back = leaps.doubt(start)

    assert (first, on_time, back) == (None, None, None)
    assert isinstance(beyond, TimeLeapt)


def test_a_doubt_is_said_once_with_what_to_do(office: Office) -> None:
    office.turn(database=3 * HOUR)

    with capture_logs() as said, ticking(office.clock()):
        until(lambda: any(each["event"] == "time_is_doubted" for each in said))
        office.turn(database=timedelta())
        until(lambda: any(each["event"] == "time_is_believed_again" for each in said))

    doubts = [each for each in said if each["event"] == "time_is_doubted"]
    assert len(doubts) == 1
    assert doubts[0]["code"] == "database-clock-ahead"
    assert DatabaseClockAhead.remedy in doubts[0]["reason"]


def talked(day: date) -> Told:
    return Told(at_ten(day), child_id(0), child_id(10_000 + day.toordinal()), "talk", day, {})
