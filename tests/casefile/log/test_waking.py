"""Hints that the log has grown: quick when all is well, never needed to make progress."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest

from services.casefile.log.recorder import CasefileRecorder
from services.casefile.log.waking import Waker
from tests.casefile.log.logs import PATIENCE, one, until
from tests.servers import Database

LISTENING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'casefile-wake' AND query LIKE 'LISTEN%'"
)
KILL_WAKERS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = 'casefile-wake'"
)


@pytest.fixture
def open_waker(database: Database) -> Iterator[Callable[[], Waker]]:
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(Waker(database.app)))


def listening(waker: Waker, database: Database) -> None:
    waker.wait(0)
    with psycopg.connect(database.admin, autocommit=True) as admin:
        until(lambda: admin.execute(LISTENING).fetchone()[0] >= 1)


def test_an_append_wakes_a_reader_of_the_same_process(recorder: CasefileRecorder) -> None:
    mark = recorder.waker.mark()

    recorder.append(one())

    assert recorder.waker.wait(0, since=mark)


def test_an_append_wakes_a_reader_of_another_process(
    recorder: CasefileRecorder, database: Database, open_waker: Callable[[], Waker]
) -> None:
    reader = open_waker()
    listening(reader, database)
    mark = reader.mark()

    recorder.append(one())

    assert reader.wait(PATIENCE, since=mark)


def test_news_between_mark_and_wait_is_not_slept_through(open_waker: Callable[[], Waker]) -> None:
    waker = open_waker()
    mark = waker.mark()

    waker.wake()

    assert waker.wait(PATIENCE, since=mark)


def test_without_news_the_wait_ends_by_itself(
    open_waker: Callable[[], Waker], database: Database
) -> None:
    reader = open_waker()
    listening(reader, database)
    until(lambda: not reader.wait(0.01))


def test_a_listener_that_was_killed_comes_back(
    recorder: CasefileRecorder, database: Database, open_waker: Callable[[], Waker]
) -> None:
    reader = open_waker()
    listening(reader, database)
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute(KILL_WAKERS)
        until(lambda: admin.execute(LISTENING).fetchone()[0] == 0)
    listening(reader, database)
    mark = reader.mark()

    recorder.append(one())

    assert reader.wait(PATIENCE, since=mark)


def test_without_a_server_waiting_is_polling() -> None:
    with closing(Waker("host=/nonexistent dbname=casefile")) as waker:
        waker.wake()

        assert not waker.wait(0.01)


def test_many_appends_make_few_hints(recorder: CasefileRecorder, database: Database) -> None:
    with psycopg.connect(database.app, autocommit=True) as listener:
        listener.execute("LISTEN casefile_log")
        started = time.monotonic()
        for _ in range(200):
            recorder.append(one())
        spent = time.monotonic() - started
        hints = list(listener.notifies(timeout=0.2))

    assert 1 <= len(hints) <= spent / 0.02 + 2
