"""Days are closed in their order, each when all it brought is declared, and never twice."""

from datetime import date, timedelta
from pathlib import Path

from structlog.testing import capture_logs

from services.casefile.domain.cadence.days import end_of, start_of
from tests.casefile.following.test_one_follows import until
from tests.casefile.sweeping.lives import Told, at_ten, child_id, lives
from tests.casefile.sweeping.rehearsal import SIX, Rehearsal, Said, policy, rehearsal, rule, ticking
from tests.servers import Database, Template

BEGIN, END = date(2036, 3, 1), date(2036, 4, 9)
WEEKLY = rule("talk.week", "talk", "iso_week", entry_deadline_days=3)


def days(since: date, count: int) -> list[date]:
    return [since + timedelta(days=number) for number in range(count)]


def test_the_first_start_closes_the_day_that_is_just_over(march: Rehearsal) -> None:
    march.adopt(policy(*SIX))
    march.tell(lives(5, BEGIN, BEGIN))

    done = march.tick(at_ten(date(2036, 4, 20)))

    assert march.closed_days() == [date(2036, 4, 19)]
    assert done.swept.declared.total() == len(march.declarations()) > 100
    assert march.prove().holds


def test_a_week_without_a_clock_is_made_up_day_by_day(march: Rehearsal) -> None:
    march.adopt(policy(WEEKLY))
    march.tell(lives(3, BEGIN, BEGIN))
    march.tick(at_ten(date(2036, 3, 9)))

    done = march.tick(at_ten(date(2036, 3, 16)))

    assert done.days == days(date(2036, 3, 9), 7)
    assert march.closed_days() == days(date(2036, 3, 8), 8)
    assert {each.occurred_on for each in march.of("obligation_overdue")} == {date(2036, 3, 9)}
    assert {each.occurred_on for each in march.of("obligation_missed")} == {date(2036, 3, 12)}
    assert positions_are_by_day(march)


def positions_are_by_day(march: Rehearsal) -> bool:
    """Whether what a day brought stands in the log before the day was closed."""
    closed = {e.occurred_on: e.position for e in march.entries() if e.kind.slug == "day_closed"}
    return all(each.position < closed[each.occurred_on] for each in march.declarations())


def test_a_clock_that_was_away_says_what_one_that_never_was_does(
    template: Template, tmp_path: Path
) -> None:
    with template.clone() as one:
        always = lived(one, tmp_path / "a", [1] * 40)
    with template.clone() as other:
        seldom = lived(other, tmp_path / "b", [5, 9, 1, 25])

    assert seldom == always
    assert {slug for _, _, slug, _ in always} == {
        "obligation_overdue",
        "obligation_missed",
        "obligation_fulfilled",
        "obligation_escalation",
    }


def lived(database: Database, folder: Path, strides: list[int]) -> set[Said]:
    """Some weeks with a clock that looks in after so many days, and so many, …"""
    with rehearsal(database, folder, at_ten(BEGIN)) as march:
        march.adopt(policy(*SIX))
        march.told = lives(10, BEGIN, END)
        day = BEGIN
        march.live_until(start_of(day))
        march.tick()
        for stride in strides:
            day += timedelta(days=stride)
            march.live_until(start_of(day))
            march.tick()
        assert march.prove().holds
        assert len(march.said()) == len(march.declarations())
        return march.said()


def test_when_time_goes_back_nothing_is_declared_until_it_has_caught_up(march: Rehearsal) -> None:
    march.adopt(policy(WEEKLY))
    march.tell(lives(3, BEGIN, BEGIN))
    march.tick(at_ten(date(2036, 3, 16)))
    closed, declared = march.closed_days(), march.said()

    back = march.tick(at_ten(date(2036, 3, 11)))
    almost = march.tick(end_of(date(2036, 3, 15)) - timedelta(microseconds=1))
    unchanged = (march.closed_days(), march.said()) == (closed, declared)
    on = march.tick(at_ten(date(2036, 3, 17)))

    assert back.is_behind
    assert almost.is_behind
    assert unchanged
    assert not on.is_behind
    assert on.days == [date(2036, 3, 16)]


def test_that_time_went_back_is_said_once(march: Rehearsal) -> None:
    march.tick(at_ten(date(2036, 3, 16)))
    march.now = at_ten(date(2036, 3, 11))

    with capture_logs() as said, ticking(march.clock()):
        looked = march.looked + 5
        until(lambda: march.looked > looked)
        march.now = at_ten(date(2036, 3, 18))
        until(lambda: len(march.closed_days()) == 3)

    events = [each["event"] for each in said]
    assert events.count("time_is_before_the_last_closed_day") == 1
    assert events.count("time_has_passed_the_last_closed_day") == 1


def test_a_record_is_heeded_as_soon_as_it_is_in_the_log(march: Rehearsal) -> None:
    march.adopt(policy(WEEKLY))
    march.tell(lives(1, BEGIN, BEGIN))
    march.tick(at_ten(date(2036, 3, 16)))

    with ticking(march.clock()):
        late = Told(march.now, child_id(0), child_id(99), "talk", date(2036, 3, 5), {})
        march.tell([late])
        until(lambda: len(march.of("obligation_fulfilled")) == 1)


def test_two_clocks_declare_and_close_everything_once(
    march: Rehearsal, database: Database, tmp_path: Path
) -> None:
    march.adopt(policy(*SIX))
    march.told = lives(15, BEGIN, END)
    march.tick()
    with rehearsal(database, tmp_path, march.now, is_first=False) as other:
        with ticking(march.clock()), ticking(other.clock()):
            for day in days(date(2036, 3, 10), 20):
                march.live_until(start_of(day))
                other.now = march.now
                until(lambda day=day: march.closed_days()[-1:] == [day - timedelta(days=1)])

        ids = [each.record_id for each in march.declarations()]
        assert len(set(ids)) == len(ids) > 100
        assert march.closed_days() == days(date(2036, 2, 29), 29)
        assert march.prove().holds


def test_a_lost_connection_costs_time_and_nothing_else(march: Rehearsal) -> None:
    march.adopt(policy(WEEKLY))
    march.tell(lives(3, BEGIN, BEGIN))
    march.tick(at_ten(date(2036, 3, 9)))

    with ticking(march.clock()):
        march.harm(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        march.now = at_ten(date(2036, 3, 16))
        until(lambda: march.closed_days()[-1:] == [date(2036, 3, 15)])

    assert march.prove().holds
