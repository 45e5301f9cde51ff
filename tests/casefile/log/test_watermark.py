"""The watermark: what is stamped before it is in the log already."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event

import psycopg
import pytest

from services.casefile.log.errors import LogUnavailable
from services.casefile.log.recorder import CasefileRecorder
from tests.casefile.log.logs import (
    LOCK,
    PATIENCE,
    appenders_waiting,
    at_once,
    event,
    one,
    until,
)
from tests.servers import Database

APPEND = "SELECT position_ FROM casefile.append_events(%s::uuid[], %s::bigint[], %s, %s::bytea[])"


@contextmanager
def append_in_flight(conninfo: str) -> Iterator[psycopg.Connection]:
    """An append that has stamped its event and has not committed yet."""
    given = event()
    with psycopg.connect(conninfo) as connection:
        values = [given.originator_id], [1], [given.topic], [given.state]
        connection.execute(APPEND, values)
        yield connection


def test_it_is_the_head_of_the_log_and_the_database_s_moment(recorder: CasefileRecorder):
    assert recorder.watermark()[0] == 0
    appended = recorder.append(one())

    position, moment = recorder.watermark()

    assert position == appended.positions[0]
    assert moment > appended.recorded_at


def test_it_waits_for_an_append_in_flight_and_counts_it(
    recorder: CasefileRecorder, database: Database
):
    with ThreadPoolExecutor(1) as pool, psycopg.connect(database.app, autocommit=True) as watcher:
        with append_in_flight(database.app) as appender:
            waiting = pool.submit(recorder.watermark)
            until(lambda: appenders_waiting(watcher) == 1)
            assert not waiting.done()
            appender.commit()
        position, moment = waiting.result(PATIENCE)

    [row] = recorder.page(0, 10)
    assert position == row[0]
    assert moment > row[5]


def test_whoever_asks_does_not_wait_for_others_who_ask(
    recorder: CasefileRecorder, database: Database
):
    with psycopg.connect(database.app) as other:
        other.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])

        assert recorder.watermark()[0] == 0


def test_nothing_stamped_before_it_appears_after_it(recorder: CasefileRecorder):
    seen, done = [], Event()

    def append() -> None:
        while not done.is_set():
            recorder.append(one())

    def ask() -> None:
        try:
            seen.extend(recorder.watermark() for _ in range(100))
        finally:
            done.set()

    at_once([append, append, append, ask])

    rows = recorder.page(0, 100_000)
    assert len(seen) == 100
    for position, moment in seen:
        assert all(row[5] > moment for row in rows if row[0] > position)
        assert all(row[5] < moment for row in rows if row[0] <= position)


def test_without_a_database_it_says_that_the_log_is_away():
    away = CasefileRecorder.open("host=127.0.0.1 port=1")

    with closing(away), pytest.raises(LogUnavailable):
        away.watermark()
