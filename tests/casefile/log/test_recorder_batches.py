"""Commits that meet in one batch: winners commit, every loser learns its own reason."""

from contextlib import closing
from functools import partial
from threading import Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from services.casefile.log.commit import Appended, Commit
from services.casefile.log.errors import (
    AlreadyAnswered,
    AlreadyReserved,
    CommitRejected,
    LogBusy,
    VersionConflict,
)
from services.casefile.log.recorder import CasefileRecorder
from tests.casefile.log.logs import (
    PATIENCE,
    appenders_waiting,
    at_once,
    claim,
    event,
    events,
    in_one_batch,
    lock_held,
    one,
    queue_is,
    reservation,
    stored,
    until,
)
from tests.servers import Database


def kinds(results: list[object]) -> list[type]:
    return [type(each) for each in results]


def test_of_two_in_a_batch_for_one_version_the_first_wins(
    recorder: CasefileRecorder, database: Database
) -> None:
    stream = uuid4()
    commits = [one(stream), one(uuid4()), one(stream), one(uuid4())]

    results = in_one_batch(recorder, database.app, commits)

    assert kinds(results) == [Appended, Appended, VersionConflict, Appended]
    assert (results[2].stream_id, results[2].version) == (stream, 1)
    assert [row[2] for row in recorder.stream(stream)] == [commits[0].events[0].state]


def test_a_stale_commit_in_a_batch_takes_nobody_down(
    recorder: CasefileRecorder, database: Database
) -> None:
    stream = uuid4()
    recorder.append(one(stream))

    results = in_one_batch(recorder, database.app, [one(), one(stream), one()])

    assert kinds(results) == [Appended, VersionConflict, Appended]


def test_a_loser_of_several_events_stores_none_and_winners_stand(
    recorder: CasefileRecorder, database: Database
) -> None:
    stream, other = uuid4(), uuid4()
    loser = Commit((event(other), event(stream), event(other, 2)))
    commits = [one(stream), loser, Commit(events(uuid4(), 1, 3))]

    results = in_one_batch(recorder, database.app, commits)

    assert kinds(results) == [Appended, VersionConflict, Appended]
    assert stored(recorder, other) == []
    assert len(results[2].positions) == 3


def test_who_follows_a_loser_may_still_win(recorder: CasefileRecorder, database: Database) -> None:
    stale, fresh = uuid4(), uuid4()
    recorder.append(one(stale))
    loser = Commit((event(stale), event(fresh)))

    results = in_one_batch(recorder, database.app, [loser, one(fresh)])

    assert kinds(results) == [VersionConflict, Appended]
    assert (results[0].stream_id, stored(recorder, fresh)) == (stale, [1])


def test_positions_follow_the_order_of_the_batch(
    recorder: CasefileRecorder, database: Database
) -> None:
    commits = [Commit(events(uuid4(), 1, size)) for size in (1, 3, 2)]

    results = in_one_batch(recorder, database.app, commits)

    positions = [position for result in results for position in result.positions]
    assert positions == sorted(positions)
    assert [row[0] for row in recorder.page(positions[0] - 1, 10)] == positions


def test_the_same_command_twice_in_a_batch_is_answered_once(
    recorder: CasefileRecorder, database: Database
) -> None:
    stream, made = uuid4(), claim()

    results = in_one_batch(recorder, database.app, [one(stream, 1, claim=made)] * 3)

    assert kinds(results) == [Appended, AlreadyAnswered, AlreadyAnswered]
    assert results[1].answered == results[2].answered == recorder.answered(made.key)
    assert results[1].answered.positions == results[0].positions


def test_a_repeated_command_is_answered_before_it_is_told_of_a_conflict(
    recorder: CasefileRecorder, database: Database
) -> None:
    stream, made = uuid4(), claim()
    recorder.append(one(stream, 1, claim=made))

    results = in_one_batch(recorder, database.app, [one(stream, 2), one(stream, 2, claim=made)])

    assert kinds(results) == [Appended, AlreadyAnswered]


def test_two_claimed_commands_for_one_version_have_one_winner(
    recorder: CasefileRecorder, database: Database
) -> None:
    stream, losing = uuid4(), claim()
    commits = [one(stream, 1, claim=claim()), one(stream, 1, claim=losing)]

    results = in_one_batch(recorder, database.app, commits)

    assert kinds(results) == [Appended, VersionConflict]
    assert recorder.answered(losing.key) is None


def test_two_cases_that_want_the_same_child_in_a_batch_give_one(
    recorder: CasefileRecorder, database: Database
) -> None:
    case, other = uuid4(), uuid4()
    commits = [one(each, reserve=(reservation(each),)) for each in (case, other)]

    results = in_one_batch(recorder, database.app, commits)

    assert kinds(results) == [Appended, AlreadyReserved]
    assert results[1].case_id == case
    assert stored(recorder, other) == []


def test_a_commit_the_database_cannot_take_spares_the_batch(
    recorder: CasefileRecorder, database: Database
) -> None:
    bad = Commit((event(),), claim(b"too short"))

    results = in_one_batch(recorder, database.app, [one(), bad, one(uuid4(), claim=claim())])

    assert kinds(results) == [Appended, CommitRejected, Appended]


def test_sixteen_openings_at_once_give_one_case(recorder: CasefileRecorder) -> None:
    for number in range(20):
        cases = [uuid4() for _ in range(16)]
        held = [reservation(case, number.to_bytes(32)) for case in cases]

        results = at_once([partial(recorder.append, one(r.case_id, reserve=(r,))) for r in held])

        [winner] = [n for n, each in enumerate(results) if isinstance(each, Appended)]
        losers = [each for n, each in enumerate(results) if n != winner]
        told = {(type(each), each.case_id) for each in losers}
        assert told == {(AlreadyReserved, cases[winner])}


def test_sixteen_equal_commands_at_once_give_one_event_and_equal_answers(
    recorder: CasefileRecorder,
) -> None:
    for _ in range(100):
        commands = [one(uuid4(), claim=claim())] * 16

        results = at_once([partial(recorder.append, each) for each in commands])

        [won] = [each for each in results if isinstance(each, Appended)]
        told = [each.answered for each in results if isinstance(each, AlreadyAnswered)]
        assert len(told) == 15
        answers = {(each.answer, each.positions, each.recorded_at) for each in told}
        assert answers == {(commands[0].claim.answer, won.positions, won.recorded_at)}
        assert stored(recorder, commands[0].events[0].originator_id) == [1]


def test_equal_commands_through_two_writers_give_one_event(
    recorder: CasefileRecorder, database: Database
) -> None:
    with closing(CasefileRecorder.open(database.app)) as other:
        for _ in range(20):
            command = one(uuid4(), claim=claim())

            results = at_once([partial(each.append, command) for each in (recorder, other) * 4])

            [won] = [each for each in results if isinstance(each, Appended)]
            told = [each.answered for each in results if isinstance(each, AlreadyAnswered)]
            assert [each.positions for each in told] == [won.positions] * 7


def test_many_threads_on_few_streams_leave_no_hole(recorder: CasefileRecorder) -> None:
    streams = [uuid4() for _ in range(4)]

    def work() -> int:
        won = 0
        for stream in streams * 25:
            version = len(recorder.stream(stream)) + 1
            try:
                recorder.append(one(stream, version))
                won += 1
            except VersionConflict:
                continue
        return won

    won = at_once([work] * 8)

    versions = [stored(recorder, stream) for stream in streams]
    assert versions == [list(range(1, len(each) + 1)) for each in versions]
    assert sum(won) == sum(map(len, versions))


def test_a_full_queue_refuses_at_once_and_the_queued_are_stored(database: Database) -> None:
    recorder = CasefileRecorder.open(database.app, most_waiting=2)
    threads = [Thread(target=recorder.append, args=(one(),)) for _ in range(3)]

    with lock_held(database.app) as holder:
        threads[0].start()
        until(lambda: appenders_waiting(holder) == 1)
        for thread in threads[1:]:
            thread.start()
        until(lambda: queue_is(recorder._batcher, 2))
        with pytest.raises(LogBusy):
            recorder.append(one())

    for thread in threads:
        thread.join(PATIENCE)
    assert len(recorder.page(0, 10)) == 3
    recorder.close()


def test_a_batch_on_a_log_that_started_empty_uses_the_indexes(
    recorder: CasefileRecorder, database: Database
) -> None:
    recorder.append(one(uuid4(), claim=claim(), reserve=(reservation(uuid4()),)))
    for _ in range(20):
        held = reservation(uuid4(), uuid4().bytes)
        recorder.append(Commit(events(uuid4(), 1, 500), claim(), (held,)))
    recorder.close()

    with psycopg.connect(database.admin, autocommit=True) as admin:
        until(lambda: all(scans for _, scans, _ in scanned(admin)))
        assert [(name, read) for name, _, read in scanned(admin) if read > 100] == []


def scanned(connection: psycopg.Connection[Any]) -> list[tuple[str, int, int]]:
    """Per table: how often an index was used, and how many rows were read without one."""
    return connection.execute(
        "SELECT relname, coalesce(idx_scan, 0), seq_tup_read FROM pg_stat_user_tables "
        "WHERE relid = ANY('{casefile.stored_events, casefile.command_log, casefile.reservations}'"
        "::regclass[])"
    ).fetchall()
