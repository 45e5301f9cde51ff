"""Connections that die at the worst moment: an answer is never invented and never lost."""

import ctypes
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from services.casefile.log.commit import Appended, Commit
from services.casefile.log.errors import AlreadyAnswered, LogUnavailable, VersionConflict
from services.casefile.log.recorder import CasefileRecorder
from tests.casefile.log.logs import (
    LOCK,
    PATIENCE,
    appenders_waiting,
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
from tests.proxies import LosingProxy
from tests.servers import Database

KILL = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE application_name = 'casefile-append' AND datname = current_database()"
)


@pytest.fixture
def proxy(database: Database) -> Iterator[LosingProxy]:
    with LosingProxy(database.app, "casefile-append") as opened:
        yield opened


@pytest.fixture
def behind_proxy(proxy: LosingProxy) -> Iterator[CasefileRecorder]:
    with closing(CasefileRecorder.open(proxy.conninfo)) as recorder:
        recorder.head()
        recorder.append(one())
        recorder.append(one(claim=claim()))
        yield recorder


@pytest.mark.parametrize("extra", ["bare", "several", "claimed", "reserved", "nothing"])
def test_a_commit_whose_reply_was_lost_comes_back_as_success(
    behind_proxy: CasefileRecorder, proxy: LosingProxy, extra: str
) -> None:
    case = uuid4()
    commit = {
        "bare": one(case),
        "several": Commit(events(case, 1, 3)),
        "claimed": one(case, claim=claim()),
        "reserved": one(case, claim=claim(), reserve=(reservation(case),)),
        "nothing": Commit((), claim()),
    }[extra]

    proxy.lose_next_reply()
    appended = behind_proxy.append(commit)

    assert proxy.lost.acquire(timeout=PATIENCE)
    rows = behind_proxy.stream(case)
    assert [row[2] for row in rows] == [each.state for each in commit.events]
    assert appended.positions == tuple(row[3] for row in rows)
    assert appended.recorded_at == (
        rows[-1][4] if rows else behind_proxy.answered(commit.claim.key).recorded_at
    )


def test_a_real_conflict_stays_one_when_its_reply_was_lost(
    behind_proxy: CasefileRecorder, proxy: LosingProxy
) -> None:
    stream = uuid4()
    behind_proxy.append(one(stream))

    proxy.lose_next_reply()
    with pytest.raises(VersionConflict):
        behind_proxy.append(one(stream))

    assert proxy.lost.acquire(timeout=PATIENCE)


def test_a_repeated_command_stays_one_when_its_reply_was_lost(
    behind_proxy: CasefileRecorder, proxy: LosingProxy
) -> None:
    made = claim()
    first = behind_proxy.append(one(claim=made))

    proxy.lose_next_reply()
    with pytest.raises(AlreadyAnswered) as again:
        behind_proxy.append(one(claim=made))

    assert proxy.lost.acquire(timeout=PATIENCE)
    assert again.value.answered.positions == first.positions


def test_a_commit_sent_again_waits_for_its_twin_in_flight(
    behind_proxy: CasefileRecorder, proxy: LosingProxy, database: Database
) -> None:
    stream = uuid4()

    with ThreadPoolExecutor(1) as pool, lock_held(database.app) as holder:
        proxy.lose_caller_of_next_request()
        result = pool.submit(behind_proxy.append, one(stream))
        until(lambda: appenders_waiting(holder) == 2)
        holder.execute("SELECT pg_advisory_unlock_all()")
        appended = result.result(PATIENCE)

    [row] = behind_proxy.stream(stream)
    assert (row[3],) == appended.positions


def test_a_whole_batch_whose_reply_was_lost_comes_back_as_it_went(
    behind_proxy: CasefileRecorder, proxy: LosingProxy, database: Database
) -> None:
    stream, made = uuid4(), claim()
    commits = [one(stream), one(stream), one(claim=made), one(claim=made), one()]

    def lose_the_second_reply(recorder: CasefileRecorder) -> list[Any]:
        write = recorder._writer.write

        def losing(batch: Any) -> Any:
            if len(batch) == len(commits):
                proxy.lose_next_reply()
            return write(batch)

        recorder._writer.write = losing
        return in_one_batch(recorder, database.app, commits)

    results = lose_the_second_reply(behind_proxy)

    assert proxy.lost.acquire(timeout=PATIENCE)
    assert [type(each) for each in results] == [
        Appended, VersionConflict, Appended, AlreadyAnswered, Appended,
    ]  # fmt: skip
    assert stored(behind_proxy, stream) == [1]


def test_killed_backends_lose_no_answered_event_and_fail_no_command(
    recorder: CasefileRecorder, database: Database
) -> None:
    stop = Event()

    def work() -> list[tuple[Any, int]]:
        done = []
        while not stop.is_set():
            given = event()
            done.append((given, *recorder.append(Commit((given,))).positions))
        return done

    with ThreadPoolExecutor(8) as pool, psycopg.connect(database.admin, autocommit=True) as admin:
        workers = [pool.submit(work) for _ in range(8)]
        try:
            for _ in range(10):
                reach(recorder, recorder.head() + 50)
                until(lambda: admin.execute(KILL).fetchone()[0] > 0)
        finally:
            stop.set()
        acked = [each for worker in workers for each in worker.result(PATIENCE)]

    found = {row[0]: (row[1], row[4]) for row in recorder.page(0, 1_000_000)}
    assert len(found) == len(acked)
    for given, position in acked:
        assert found[position] == (given.originator_id, given.state)


def test_a_leader_interrupted_in_the_middle_strands_nobody(
    recorder: CasefileRecorder, database: Database
) -> None:
    commits, ended = [one() for _ in range(6)], []
    leader = Thread(target=lambda: ended.append(interrupted(recorder, one())))

    with ThreadPoolExecutor(8) as pool, lock_held(database.app) as holder:
        pool.submit(recorder.append, one())
        until(lambda: appenders_waiting(holder) == 1)
        with lock_wanted(database.app, pool, holder) as second:
            leader.start()
            until(lambda: queue_is(recorder._batcher, 1))
            results = [pool.submit(recorder.append, each) for each in commits]
            until(lambda: queue_is(recorder._batcher, 7))
            holder.execute("SELECT pg_advisory_unlock_all()")
            until(lambda: queue_is(recorder._batcher, 0) and appenders_waiting(holder) == 1)
            raise_in(leader, KeyboardInterrupt)
            second.execute("SELECT pg_advisory_unlock_all()")
        positions = [result.result(PATIENCE).positions for result in results]

    leader.join(PATIENCE)
    assert ended == [KeyboardInterrupt]
    kept = {row[4]: (row[0],) for row in recorder.page(0, 100)}
    assert positions == [kept[each.events[0].state] for each in commits]
    assert len(kept) == 8


@contextmanager
def lock_wanted(
    conninfo: str, pool: ThreadPoolExecutor, observer: psycopg.Connection[Any]
) -> Iterator[psycopg.Connection[Any]]:
    """Queue for the lock behind the appender that waits for it now."""
    with psycopg.connect(conninfo, autocommit=True) as second:
        granted = pool.submit(second.execute, "SELECT pg_advisory_lock(%s)", [LOCK])
        until(lambda: appenders_waiting(observer) == 2)
        yield second
        granted.result(PATIENCE)


def reach(recorder: CasefileRecorder, position: int) -> None:
    until(lambda: recorder.head() > position)


def interrupted(recorder: CasefileRecorder, commit: Commit) -> Any:
    try:
        return recorder.append(commit)
    except KeyboardInterrupt as error:
        return type(error)


def raise_in(thread: Thread, error: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(error)
    )


def test_a_server_that_stays_away_is_reported_within_the_patience(database: Database) -> None:
    with LosingProxy(database.app, "casefile-append") as gone:
        conninfo = gone.conninfo
    recorder = CasefileRecorder.open(conninfo, patience=0.2)

    with pytest.raises(LogUnavailable):
        recorder.append(one())
    recorder.close()


def test_readers_outlive_their_connections(recorder: CasefileRecorder, database: Database) -> None:
    recorder.append(one())
    recorder.head()
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute(KILL.replace("casefile-append", "casefile-read"))

    assert len(recorder.page(0, 10)) == 1
