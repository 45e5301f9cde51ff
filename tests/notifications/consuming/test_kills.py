"""Three workers forced onto the same partitions and killed at random: one effect a message."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.notifications.messages import Incoming
from services.notifications.state.connections import Connection
from tests.bus.clients import producer
from tests.kafka import Kafka
from tests.notifications.feed_server import Feed, serving
from tests.notifications.given import headers, histories, value
from tests.notifications.workers import Effects, killed_while_working, wait_until, working

CHILDREN, EACH = 30, 20
WHOLE = CHILDREN * EACH
PARTITIONS = 2

pytestmark = [pytest.mark.process]


@pytest.fixture
def effects(held: Connection) -> Effects:
    return Effects(held)


def produced(kafka: Kafka, messages: list[Incoming], partitions: int = PARTITIONS) -> str:
    topic = kafka.topic(partitions)
    with producer(kafka) as client:
        for one in messages:
            key = str(one.stream_id).encode()
            client.send(topic, value(one), key=key, headers=headers(one))
        client.flush()
    return topic


@pytest.fixture(params=["kafka", "feed"])
def orders(request: pytest.FixtureRequest, notifications_database: str) -> Iterator[dict[str, Any]]:
    """All messages there, and how to read them."""
    told = {"database": notifications_database}
    if request.param == "feed":
        with serving(Feed(histories(CHILDREN, EACH))) as feed:
            yield told | {"address": feed.address}
        return
    kafka = request.getfixturevalue("kafka")
    topic = produced(kafka, histories(CHILDREN, EACH))
    fixed = list(range(PARTITIONS))
    where = {"bootstrap": kafka.bootstrap, "topic": topic, "group": topic, "fixed": fixed}
    yield told | where


@pytest.mark.kafka
@pytest.mark.parametrize("kills", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_three_workers_on_the_same_partitions_killed_at_random_give_each_message_one_effect(
    orders: dict[str, Any], effects: Effects, tmp_path: Path, kills: int
) -> None:
    with working(3, orders, tmp_path / "log") as workers:
        killed_while_working(workers, effects, WHOLE, kills)
        wait_until(lambda: effects.read() == WHOLE)
    assert effects.twice() == 0
    assert effects.out_of_order() == 0
    assert effects.count() == effects.notices() == WHOLE
    assert effects.outcomes() == {"applied": WHOLE}


@pytest.mark.kafka
def test_control_without_comparing_the_offset_the_same_workers_repeat_effects(
    orders: dict[str, Any], effects: Effects, tmp_path: Path
) -> None:
    with working(3, orders | {"careless": True}, tmp_path / "log") as workers:
        killed_while_working(workers, effects, WHOLE, 3)
        wait_until(lambda: effects.read() == WHOLE)
        wait_until(lambda: effects.twice() > 0)
    assert effects.out_of_order() > 0
