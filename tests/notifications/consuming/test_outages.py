"""What the consumer stands on may go away: it waits, goes on, and loses and repeats nothing."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from services.casefile.embedded import PgBinaries
from services.notifications.consuming.consumer import Consumer
from services.notifications.consuming.ports import Reactions
from services.notifications.sources.feed import FeedSource
from services.notifications.sources.source import Source
from services.notifications.state.connections import Connection, connect
from services.notifications.state.migrations import migrate
from tests.kafka import Kafka
from tests.notifications.consuming.test_kills import produced
from tests.notifications.consuming.worker import effect
from tests.notifications.feed_server import TOKEN, Feed, serving
from tests.notifications.given import TALK, histories
from tests.notifications.taking import LONG_AGO, tell_the_teacher
from tests.notifications.workers import Effects, wait_until
from tests.servers import server

TALKING = Reactions(types=frozenset((TALK,)), react=tell_the_teacher, listeners={TALK: effect})


@pytest.fixture
def feed() -> Iterator[Feed]:
    with serving(Feed(histories(5, 40))) as found:
        yield found


@contextmanager
def consuming(source: Callable[[], Source], database: str, poll: float = 1) -> Iterator[Consumer]:
    stop = threading.Event()
    consumer = Consumer(
        source, partial(connect, database), TALKING, notify_after=LONG_AGO, poll_seconds=poll
    )
    thread = threading.Thread(target=consumer.run, args=(stop,))
    thread.start()
    try:
        yield consumer
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def reading(feed: Feed, limit: int = 5) -> partial[Source]:
    return partial(FeedSource, feed.address, TOKEN, limit=limit, wait=1)


def test_postgresql_crashes_in_the_middle_and_nothing_is_lost_or_repeated(
    feed: Feed, pg_binaries: PgBinaries, tmp_path: Path
) -> None:
    with server(tmp_path / "pg", pg_binaries) as running:
        database = running.conninfo()
        migrate(database)
        with connect(database) as connection:
            Effects(connection)
        with capture_logs() as lines, consuming(reading(feed), database):
            for at in (20, 90):
                wait_until(lambda at=at: counted(database) >= at)  # type: ignore[misc]
                crash(database)
            wait_until(lambda: counted(database) == 200)
        with connect(database) as connection:
            effects = Effects(connection)
            assert effects.twice() == effects.out_of_order() == 0
            assert effects.notices() == 200
        assert "database_down" in {line["event"] for line in lines}


def test_a_feed_that_is_away_at_the_start_and_in_the_middle_is_waited_for(
    feed: Feed, held: Connection, notifications_database: str
) -> None:
    effects = Effects(held)
    feed.answer = (503, b"{}")
    with capture_logs() as lines, consuming(reading(feed), notifications_database):
        wait_until(lambda: len(feed.asked) >= 2)
        feed.answer = None
        wait_until(lambda: effects.count() >= 50)
        feed.answer = (200, b"<html>")
        asked = len(feed.asked)
        wait_until(lambda: len(feed.asked) > asked + 1)
        feed.answer = None
        wait_until(lambda: effects.count() == 200)
    assert effects.twice() == effects.out_of_order() == 0
    down = [line for line in lines if line["event"] == "source_down"]
    assert {line.get("status") for line in down} == {503, None}


def test_a_kafka_that_is_not_there_yet_is_waited_for(
    kafka: Kafka, held: Connection, notifications_database: str
) -> None:
    from services.notifications.sources.kafka import KafkaSource

    topic = produced(kafka, histories(4, 5))
    effects = Effects(held)
    tries = iter(["127.0.0.1:9", kafka.bootstrap])

    def opened() -> Source:
        client = {"bootstrap_servers": next(tries), "bootstrap_timeout_ms": 500}
        return KafkaSource(client, topic, topic)

    with capture_logs() as lines, consuming(opened, notifications_database):
        wait_until(lambda: effects.count() == 20)
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["source_down"]


@pytest.mark.parametrize("away", [1.0, pytest.param(300.0, marks=pytest.mark.slow)])
def test_a_kafka_that_goes_away_in_the_middle_is_waited_for(
    real_kafka: Kafka, held: Connection, notifications_database: str, away: float
) -> None:
    from services.notifications.sources.kafka import KafkaSource

    topic = produced(real_kafka, histories(10, 5), partitions=2)
    effects = Effects(held)
    client = {"bootstrap_servers": real_kafka.bootstrap, "bootstrap_timeout_ms": 2_000}
    source = partial(KafkaSource, client, topic, topic, limit=3)
    with capture_logs() as lines, consuming(source, notifications_database):
        wait_until(lambda: effects.count() >= 10)
        real_kafka.kill()
        gone = time.monotonic()
        wait_until(lambda: time.monotonic() - gone > away, patience=away + 1)
        real_kafka.start()
        produce_more(real_kafka, topic)
        wait_until(lambda: effects.count() == 100)
    assert effects.twice() == effects.out_of_order() == 0
    assert away < 300 or "source_down" in {line["event"] for line in lines}


def test_two_of_a_group_share_the_partitions_out_and_the_one_that_stays_takes_all(
    kafka: Kafka, held: Connection, notifications_database: str
) -> None:
    from services.notifications.sources.kafka import KafkaSource

    topic = produced(kafka, histories(10, 5), partitions=4)
    effects = Effects(held)
    client = {"bootstrap_servers": kafka.bootstrap}
    source = partial(KafkaSource, client, topic, topic, limit=3)
    with consuming(source, notifications_database) as stays:
        with consuming(source, notifications_database) as goes:
            wait_until(lambda: effects.count() == 50)
            wait_until(lambda: bool(goes.counts) or stays.counts["taken"] == 50)
        produce_more(kafka, topic)
        wait_until(lambda: effects.count() == 100)
    assert effects.twice() == effects.out_of_order() == 0


def produce_more(kafka: Kafka, topic: str) -> None:
    from tests.bus.clients import producer
    from tests.notifications.given import headers, value

    with producer(kafka) as client:
        for one in histories(10, 10):
            key = str(one.stream_id).encode()
            client.send(topic, value(one), key=key, headers=headers(one))
        client.flush()


def counted(database: str) -> int:
    """The number of effects; none while the server cannot be asked."""
    try:
        with connect(database) as connection:
            return Effects(connection).count()
    except psycopg.OperationalError:
        return -1


def crash(database: str) -> None:
    """One killed backend makes PostgreSQL throw all of them out and recover."""
    with psycopg.connect(database) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
