"""Messages whose partitions have no mark of their transaction's end, made on purpose."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from services.casefile.relaying.kafka_publisher import KafkaPublisher
from tests.bus.relays import Setup, client
from tests.kafka import Kafka

ALL = (0, 1, 2, 3)
BROKER = [ConfigResourceType.BROKER, "1"]
VERIFICATION = "transaction.partition.verification.enable"


@pytest.fixture
def unmarking(real_kafka: Kafka) -> Iterator[Kafka]:
    """A Kafka that takes messages into partitions that its transaction does not know of.

    So it ends the transaction without marking them, which is what a lone broker does that comes
    back from a kill at the wrong moment.
    """
    verifies(real_kafka, "false")
    yield real_kafka
    verifies(real_kafka, "true")


def verifies(kafka: Kafka, is_so: str) -> None:
    with kafka.admin() as admin:
        admin.alter_configs([ConfigResource(*BROKER, {VERIFICATION: is_so})])


@contextmanager
def publisher(mine: Setup) -> Iterator[KafkaPublisher]:
    with closing(KafkaPublisher(client(mine), mine.topic, mine.topic, mine.limit)) as one:
        yield one


def left_unmarked(
    mine: Setup, messages: Sequence[Any], partitions: Sequence[int] = ALL, *, is_commit: bool = True
) -> None:
    """As a relay leaves them whose Kafka fell right after the end: these partitions have no mark."""
    with publisher(mine) as one:
        unmarked(one, mine, messages, partitions, is_commit=is_commit)


def unmarked(
    one: KafkaPublisher,
    mine: Setup,
    messages: Sequence[Any],
    partitions: Sequence[int] = ALL,
    *,
    is_commit: bool = True,
) -> None:
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
