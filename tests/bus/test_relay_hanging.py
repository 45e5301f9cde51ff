"""What Kafka took for over without marking it: the relay resolves it, and loses and doubles nothing."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError

from services.casefile.relaying import hanging as finding
from services.casefile.relaying import kafka_publisher
from services.casefile.relaying.errors import TopicAhead, TopicBehind, TopicHidden
from services.casefile.relaying.hanging import Hanging, Span
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from services.casefile.relaying.republishing import ask, plan
from tests.bus.clients import READ_COMMITTED, records, transactional
from tests.bus.relays import (
    Setup,
    client,
    ends,
    expected,
    faults,
    fill,
    position,
    reaches,
    running,
    setup,
)
from tests.bus.test_relay import held, refused
from tests.kafka import Kafka
from tests.servers import Database

ALL = (0, 1, 2, 3)
BROKER = [ConfigResourceType.BROKER, "1"]
VERIFICATION = "transaction.partition.verification.enable"


@pytest.fixture
def unmarking(real_kafka: Kafka) -> Iterator[Kafka]:
    """A Kafka that takes messages into partitions that its transaction does not know of.

    So it ends the transaction without marking them, which is what a lone broker does that comes
    back from a kill at the wrong moment.
    """
    with verifying(real_kafka, "false"):
        yield real_kafka


@contextmanager
def verifying(kafka: Kafka, first: str) -> Iterator[None]:
    with kafka.admin() as admin:
        admin.alter_configs([ConfigResource(*BROKER, {VERIFICATION: first})])
        yield
        admin.alter_configs([ConfigResource(*BROKER, {VERIFICATION: "true"})])


@contextmanager
def publisher(mine: Setup) -> Iterator[KafkaPublisher]:
    with closing(KafkaPublisher(client(mine), mine.topic, mine.topic, mine.limit)) as one:
        yield one


def left_unmarked(
    mine: Setup, messages: Sequence[Any], partitions: Sequence[int] = ALL, *, is_commit: bool = True
) -> None:
    """As a relay leaves them whose Kafka fell right after the end: these partitions have no mark."""
    with publisher(mine) as one:
        producer, manager = one._producer, one._manager
        producer.begin_transaction()
        manager._partitions_in_transaction |= {TopicPartition(mine.topic, n) for n in partitions}
        for key, value, headers in messages:
            producer.send(mine.topic, key=key, value=value, headers=headers)
        producer.flush(20)
        ended = manager.begin_commit() if is_commit else manager.begin_abort()
        producer._sender.wakeup()
        assert ended.wait(20_000)


def published(mine: Setup, messages: Sequence[Any]) -> None:
    with publisher(mine) as one:
        one.publish(messages).settle()


def says_published(mine: Setup, last: int) -> None:
    """What the relay wrote down before it fell."""
    with psycopg.connect(mine.database) as connection:
        connection.execute(
            "INSERT INTO casefile.relay (topic, position) VALUES (%s, %s)", [mine.topic, last]
        )


def is_all_seen(kafka: Kafka, mine: Setup) -> bool:
    return len({ends(kafka, mine.topic, level) for level in ("read_committed", "read_uncommitted")}) == 1


@pytest.mark.parametrize("partitions", [ALL, (0,), (1, 2), (0, 2, 3)])
@pytest.mark.parametrize("is_written_down", [True, False])
def test_what_was_committed_without_marks_is_seen_once_and_in_order(
    database: Database, unmarking: Kafka, partitions: Sequence[int], is_written_down: bool
):
    mine, last = setup(database, unmarking), fill(database)
    messages = expected(mine)
    published(mine, messages[:100])
    left_unmarked(mine, messages[100:], partitions)
    if is_written_down:
        says_published(mine, last)
    assert not is_all_seen(unmarking, mine)

    with running(mine):
        reaches(mine, fill(database, seed=2))

    assert faults(unmarking, mine) == {}
    assert is_all_seen(unmarking, mine)
