"""The consumer is killed at every step, or what it stands on is: each message has one effect."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest

from services.notifications.messages import Incoming
from services.notifications.state.connections import connect
from tests.bus.clients import producer
from tests.kafka import Kafka
from tests.notifications.crashing.processes import Struck, recovered, running
from tests.notifications.feed_server import Feed, serving
from tests.notifications.given import child, headers, message, value
from tests.notifications.workers import Effects, wait_until

pytestmark = [pytest.mark.process]

POINTS = (
    "connected", "read", "advanced", "locked", "received", "moved", "written", "queued",
    "committed", "stored",
)  # fmt: skip
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 21))]
CHILDREN, EACH, LIMIT = 8, 5, 10


class Bus(Protocol):
    victims: tuple[str, ...]
    orders: dict[str, Any]

    def publish(self, messages: list[Incoming]) -> None: ...
    def mend(self) -> None: ...


class OverFeed:
    victims = ("self", "postgres")

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.orders = {"address": feed.address}

    def publish(self, messages: list[Incoming]) -> None:
        self._feed.messages.extend(messages)

    def mend(self) -> None:
        """It is never struck."""


class OverKafka:
    """The broker is struck too, where it keeps what it has."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka
        self._topic = kafka.topic(2)
        self.victims = ("self", "postgres", "broker") if kafka.is_real else ("self", "postgres")
        pid = kafka.cluster.nodes[0].pid if kafka.is_real else None
        where = {"bootstrap": kafka.bootstrap, "topic": self._topic, "group": self._topic}
        self.orders = {**where, "fixed": [0, 1], "broker": pid}

    def publish(self, messages: list[Incoming]) -> None:
        with producer(self._kafka) as client:
            for one in messages:
                key = str(one.stream_id).encode()
                client.send(self._topic, value(one), key=key, headers=headers(one))
            client.flush()

    def mend(self) -> None:
        self._kafka.kill()  # waits until it is gone in fact
        self._kafka.start()
        self.orders["broker"] = self._kafka.cluster.nodes[0].pid


@contextmanager
def bus(kind: str, request: pytest.FixtureRequest) -> Iterator[Bus]:
    if kind == "kafka":
        yield OverKafka(request.getfixturevalue("kafka"))
        return
    with serving(Feed()) as feed:
        yield OverFeed(feed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["feed", pytest.param("kafka", marks=pytest.mark.kafka)])
def test_struck_at_any_step_each_message_has_one_effect(
    request: pytest.FixtureRequest, database: str, tmp_path: Path, kind: str, seed: int
) -> None:
    dice, log, sent = random.Random(seed), tmp_path / "log", 0
    points = dice.sample(POINTS, len(POINTS))
    with bus(kind, request) as found:
        for number, point in enumerate(points):
            victim = found.victims[(number + seed) % len(found.victims)]
            found.publish(histories(number))
            sent += CHILDREN * EACH
            nth = 1 if point == "connected" else dice.randint(1, 3)
            orders = {"database": database, "careless": False, "limit": LIMIT, **found.orders}
            with running("consume", orders, log, point=point, nth=nth, victim=victim) as one:
                come_through(one, victim, database, found)
        with running("consume", orders | found.orders, log):
            wait_until(lambda: counted(database) == sent)
    with connect(database) as connection:
        effects = Effects(connection)
        assert effects.twice() == effects.out_of_order() == 0
        assert effects.notices() == sent
        assert effects.outcomes() == {"applied": sent}
        jobs = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
        assert jobs == (sent,)


def come_through(one: Struck, victim: str, database: str, found: Bus) -> None:
    if victim == "self":
        one.falls()
        return
    one.strikes()
    if victim == "broker":
        found.mend()
    recovered(database)
    before = counted(database)
    wait_until(lambda: counted(database) > before or counted(database) % (CHILDREN * EACH) == 0)


def histories(stage: int) -> list[Incoming]:
    """The next versions of every child, in the order of the log."""
    first = stage * EACH
    return [
        message(version, of=child(number), position=(version - 1) * CHILDREN + number)
        for version in range(first + 1, first + EACH + 1)
        for number in range(1, CHILDREN + 1)
    ]


def counted(database: str) -> int:
    try:
        with connect(database) as connection:
            return Effects(connection).count()
    except psycopg.OperationalError:
        return -1
