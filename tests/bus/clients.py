"""Clients of a test: patient enough for a busy machine, closed whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from tests.kafka import Kafka

READ_COMMITTED = {"isolation_level": "read_committed"}


@contextmanager
def producer(kafka: Kafka, **options: Any) -> Iterator[KafkaProducer]:
    client = KafkaProducer(
        bootstrap_servers=kafka.bootstrap,
        **{"acks": "all", "allow_auto_create_topics": False, "max_block_ms": 20_000} | options,
    )
    try:
        yield client
    finally:
        thrown_away(client)


def thrown_away(client: KafkaProducer) -> None:
    """`close` alone gives up, and leaves its thread running, while a record waits for an answer."""
    client._sender.force_close()
    client._sender.join(20)
    client.close(timeout=0)


@contextmanager
def transactional(kafka: Kafka, transactional_id: str, **options: Any) -> Iterator[KafkaProducer]:
    """Ready to begin: its predecessor of the same id is fenced."""
    options = {"transactional_id": transactional_id, "transaction_timeout_ms": 15_000} | options
    with producer(kafka, **options) as client:
        client.init_transactions()
        yield client


@contextmanager
def consumer(kafka: Kafka, **options: Any) -> Iterator[KafkaConsumer]:
    client = KafkaConsumer(
        bootstrap_servers=kafka.bootstrap,
        **{"enable_auto_commit": False, "auto_offset_reset": "earliest"} | options,
    )
    try:
        yield client
    finally:
        client.close(autocommit=False)


def records(kafka: Kafka, topic: str, **options: Any) -> list[ConsumerRecord]:
    """All that can be read of the topic now, by partition and offset."""
    with consumer(kafka, **options) as client:
        partitions = [TopicPartition(topic, n) for n in sorted(client.partitions_for_topic(topic))]
        ends = client.end_offsets(partitions)
        client.assign(partitions)
        client.seek_to_beginning(*partitions)
        found: list[ConsumerRecord] = []
        while any(client.position(tp) < ends[tp] for tp in partitions):
            for batch in client.poll(timeout_ms=500).values():
                found += batch
    return sorted(found, key=lambda record: (record.partition, record.offset))


def read(kafka: Kafka, topic: str, **options: Any) -> list[bytes]:
    return [record.value for record in records(kafka, topic, **options)]


def produced(kafka: Kafka, topic: str, *values: bytes, **options: Any) -> None:
    with producer(kafka, **options) as client:
        for future in [client.send(topic, value) for value in values]:
            future.get(20)
