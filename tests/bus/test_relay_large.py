"""A message of 2 MB: a clear word instead of a hole, and through it goes when topic and setting allow it."""

import pytest
import structlog
from kafka.admin import ConfigResource

from services.casefile.relaying.errors import MessageTooLarge, TopicTakesLess
from tests.bus.relays import (
    Setup,
    append_large,
    faults,
    fill,
    head,
    in_topic,
    reaches,
    running,
    setup,
)
from tests.bus.test_relay import refused
from tests.kafka import Kafka
from tests.servers import Database

MIB = 1024 * 1024


def test_two_megabytes_wait_for_a_larger_topic_and_then_go_through(
    database: Database, kafka: Kafka
):
    mine, before = setup(database, kafka), fill(database, children=1)
    append_large(database, 2 * MIB)
    after = fill(database, children=1, seed=2)

    with structlog.testing.capture_logs() as said:
        refusal = refused(mine)
    waiting = len(in_topic(kafka, mine))
    allow(kafka, mine.topic, 3 * MIB)
    larger = Setup(mine.database, mine.bootstrap, mine.topic, limit=3 * MIB)
    with running(larger):
        reaches(larger, after)

    assert isinstance(refusal, MessageTooLarge)
    assert refusal.data["position"] == before + 1
    assert refusal.data["bytes"] > 2 * MIB
    assert said[-1]["event"] == "relay_held"
    assert said[-1]["position"] == before + 1
    assert waiting == before
    assert faults(kafka, larger) == {}


def allow(kafka: Kafka, topic: str, size: int) -> None:
    with kafka.admin() as admin:
        admin.alter_configs([ConfigResource("TOPIC", topic, {"max.message.bytes": str(size)})])


@pytest.mark.parametrize("others", [False, True])
def test_a_setting_larger_than_the_topic_holds_the_relay_too(
    database: Database, real_kafka: Kafka, others: bool
):
    """Alone in its transaction, or among so many that the client hears of it while it sends."""
    mine = setup(database, real_kafka, limit=3 * MIB)
    append_large(database, 2 * MIB)
    if others:
        fill(database, children=12, days=60)

    refusal = refused(mine)
    found = in_topic(real_kafka, mine)
    allow(real_kafka, mine.topic, 3 * MIB)
    with running(mine):
        reaches(mine, head(database))

    assert isinstance(refusal, TopicTakesLess)
    assert "max.message.bytes" in refusal.remedy
    assert found == []
    assert faults(real_kafka, mine) == {}
