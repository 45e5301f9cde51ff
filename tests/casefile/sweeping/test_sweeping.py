"""What has come due is declared once: whoever sweeps, however often, however late."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from services.casefile.application.declaring import declaration_commit
from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.record import Record
from services.casefile.following.lease import session
from services.casefile.sweeping.drafting import declarations, is_plain
from services.casefile.sweeping.pending import due
from tests.casefile.sweeping.lives import Told, at_ten, child_id, lives
from tests.casefile.sweeping.rehearsal import SIX, Rehearsal, policy, rehearsal, rule
from tests.servers import Template

BEGIN, END = date(2036, 3, 1), date(2036, 5, 10)
LONG_AFTER = at_ten(date(2036, 4, 20))
TALK = rule("talk.month", "talk", grace={"days": 3})


def open_files(children: int) -> list[Told]:
    return lives(children, BEGIN, BEGIN)


def test_at_a_month_s_end_every_miss_is_declared_once_and_dated_by_its_window(
    march: Rehearsal,
) -> None:
    march.adopt(policy(TALK))
    march.tell(open_files(30))

    march.sweep(LONG_AFTER)

    missed, overdue = march.of("obligation_missed"), march.of("obligation_overdue")
    assert len({each.stream_id for each in missed}) == len(missed) == 30
    assert len({each.stream_id for each in overdue}) == len(overdue) == 30
    assert {each.occurred_on for each in overdue} == {date(2036, 4, 3)}
    assert {each.occurred_on for each in missed} == {date(2036, 4, 7)}


def test_nothing_is_declared_before_its_time(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(open_files(3))
    instant = timedelta(microseconds=1)

    before = march.sweep(end_of(date(2036, 4, 7)) - instant)
    at_last = march.sweep(end_of(date(2036, 4, 7)))

    assert before.declared == {"obligation_overdue": 3}
    assert at_last.declared == {"obligation_missed": 3}


def test_a_second_sweep_finds_nothing_to_do(march: Rehearsal) -> None:
    march.adopt(policy(*SIX))
    march.tell(lives(20, BEGIN, END))
    first = march.sweep(LONG_AFTER)
    said = march.said()

    # The board has not heard of the first sweep, as in another process a moment later.
    deaf = march.sweeper.sweep(LONG_AFTER)
    second = march.sweep(LONG_AFTER)

    assert first.declared.total() > 100
    assert deaf.declared == second.declared == {}
    assert march.said() == said


def test_two_who_sweep_at_once_declare_what_one_would(template: Template, tmp_path: Path) -> None:
    with template.clone() as one, rehearsal(one, tmp_path / "a", at_ten(BEGIN)) as alone:
        alone.adopt(policy(*SIX))
        alone.tell(lives(40, BEGIN, END))
        alone.sweep(LONG_AFTER)
        expected = alone.said()
    with (
        template.clone() as shared,
        rehearsal(shared, tmp_path / "b", at_ten(BEGIN)) as first,
        rehearsal(shared, tmp_path / "b", at_ten(BEGIN), is_first=False) as second,
        ThreadPoolExecutor(2) as pool,
    ):
        first.adopt(policy(*SIX))
        first.tell(lives(40, BEGIN, END))
        first.follow()
        swept = list(pool.map(lambda each: each.sweeper.sweep(LONG_AFTER), (first, second)))

        assert first.said() == expected
        assert len(first.declarations()) == len(expected)
        assert swept[0].declared.total() + swept[1].declared.total() == len(expected)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("day", [date(2036, 3, 12), date(2036, 4, 8), date(2036, 5, 3)])
def test_a_row_declares_byte_for_byte_what_judging_the_stream_does(
    march: Rehearsal, seed: int, day: date
) -> None:
    march.adopt(policy(*SIX))
    march.tell(each for each in lives(25, BEGIN, END, seed) if each.recorded_at < at_ten(day))
    march.tick(at_ten(day))
    march.follow()
    rulebook, now = march.parts.rulebooks.fresh(), at_ten(day + timedelta(days=30))
    compared = 0

    with closing(session(march.database.app, "test", {})) as link:
        for each in filter(is_plain, due(link, now)):
            mine = declarations(each, now)
            asked = {said.record_id for said in mine}
            entries = march.parts.streams.entries(each.subject_id)
            judged = judge(Subject(each.subject_id, "case", entries), rulebook, now).declarations
            # Beyond the horizon there are windows that have no rows yet.
            theirs = [said for said in judged if said.record_id in asked]
            assert states(march, each.subject_id, mine) == states(march, each.subject_id, theirs)
            compared += len(mine)

    assert compared > 50


def states(march: Rehearsal, subject, said) -> set[bytes]:
    commit = declaration_commit(march.parts.mapper, subject, 1, said)
    return {event.state for event in commit.events}


def test_what_was_recorded_since_the_board_looked_is_heeded(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(open_files(2))
    march.follow()
    done = Told(at_ten(date(2036, 3, 20)), child_id(0), child_id(99), "talk", BEGIN, {})
    march.tell([done])

    swept = march.sweeper.sweep(LONG_AFTER)

    assert [each.stream_id for each in march.of("obligation_missed")] == [child_id(1)]
    assert swept.conflicts == 1


def test_a_late_truth_stands_beside_the_miss(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(open_files(1))
    march.sweep(LONG_AFTER)
    late = Told(at_ten(date(2036, 4, 30)), child_id(0), child_id(99), "talk", BEGIN, {})
    march.tell([late])

    march.sweep(at_ten(date(2036, 5, 1)))

    [fulfilled] = march.of("obligation_fulfilled")
    [missed] = march.of("obligation_missed")
    assert field(fulfilled.rec, "missed") == missed.record_id
    assert field(fulfilled.rec, "in_window") is True
    assert fulfilled.occurred_on == date(2036, 4, 30)


def test_a_file_that_cannot_be_read_stops_no_other(march: Rehearsal) -> None:
    march.adopt(policy(TALK))
    march.tell(open_files(3))
    march.follow()
    march.tell([Told(at_ten(BEGIN), child_id(1), child_id(99), "talk", BEGIN, {"mood": 7})])

    swept = march.sweeper.sweep(LONG_AFTER)

    assert list(swept.failed) == [child_id(1)]
    assert swept.declared == {"obligation_overdue": 2, "obligation_missed": 2}


def field(record: Record, name: str) -> object:
    return msgspec.structs.asdict(record)[name]
