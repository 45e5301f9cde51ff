"""What a real Kafka keeps of transactions: one writer per id, and readers who see what was committed."""

from collections.abc import Iterator

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError, ProducerFencedError

from tests.bus.clients import READ_COMMITTED, consumer, read, transactional
from tests.bus.commits import commit_within, guard
from tests.kafka import Kafka

PATIENCE_MS = 20_000


def commit(client, topic: str, *values: bytes, partition: int = 0) -> None:
    client.begin_transaction()
    for value in values:
        client.send(topic, value, partition=partition)
    assert commit_within(client, PATIENCE_MS)


def abort(client, topic: str, *values: bytes, partition: int = 0) -> None:
    client.begin_transaction()
    for future in [client.send(topic, value, partition=partition) for value in values]:
        future.get(20)
    client.abort_transaction()


def test_what_was_aborted_is_hidden_from_those_who_read_committed_and_from_them_only(kafka: Kafka):
    topic = kafka.topic()

    with transactional(kafka, topic) as client:
        abort(client, topic, b"no")
        commit(client, topic, b"yes")

    assert read(kafka, topic, **READ_COMMITTED) == [b"yes"]
    assert read(kafka, topic) == [b"no", b"yes"]


def test_readers_stop_before_a_transaction_that_is_open(kafka: Kafka):
    topic = kafka.topic()

    with transactional(kafka, topic) as client, transactional(kafka, f"{topic}.other") as other:
        client.begin_transaction()
        client.send(topic, b"open").get(20)
        commit(other, topic, b"committed behind it")

        assert read(kafka, topic, **READ_COMMITTED) == []

        assert commit_within(client, PATIENCE_MS)

    assert read(kafka, topic, **READ_COMMITTED) == [b"open", b"committed behind it"]


def test_a_second_producer_of_the_same_id_shuts_the_first_out_and_undoes_what_it_left_open(
    kafka: Kafka,
):
    topic = kafka.topic()

    with transactional(kafka, topic) as first:
        guard(first)
        first.begin_transaction()
        first.send(topic, b"of the first").get(20)
        with transactional(kafka, topic) as second:
            commit(second, topic, b"of the second")

            with pytest.raises(KafkaError):
                commit_within(first, PATIENCE_MS)

    assert read(kafka, topic, **READ_COMMITTED) == [b"of the second"]


def test_one_that_was_shut_out_cannot_take_the_id_back(real_kafka: Kafka):
    """Kafka says it is fenced, which is final; the stand-in gives the id back."""
    topic = real_kafka.topic()

    with transactional(real_kafka, topic) as first, transactional(real_kafka, topic) as second:
        first.begin_transaction()
        first.send(topic, b"of the first")
        with pytest.raises(ProducerFencedError):
            first.commit_transaction()
        with pytest.raises(KafkaError):
            first.begin_transaction()

        commit(second, topic, b"of the second")

    assert read(real_kafka, topic, **READ_COMMITTED) == [b"of the second"]


def test_a_transaction_that_nobody_ends_is_undone_when_its_time_is_up(real_kafka: Kafka):
    topic = real_kafka.topic()

    with transactional(real_kafka, topic, transaction_timeout_ms=1000) as client:
        client.begin_transaction()
        client.send(topic, b"left open").get(20)
        with transactional(real_kafka, f"{topic}.other") as other:
            commit(other, topic, b"behind it")
            with consumer(real_kafka, **READ_COMMITTED) as reader:
                reader.assign([TopicPartition(topic, 0)])
                found = reader.poll(timeout_ms=30_000)

    assert [record.value for batch in found.values() for record in batch] == [b"behind it"]


def test_the_last_committed_record_is_found_behind_all_that_is_not_one(kafka: Kafka):
    """Aborted records and the marks of commits take offsets too."""
    topic = kafka.topic(partitions=3)
    with transactional(kafka, topic) as client:
        commit(client, topic, b"early", b"last of 0", partition=0)
        for _ in range(30):
            abort(client, topic, b"no", partition=0)
        commit(client, topic, b"last of 1", partition=1)
        client.begin_transaction()
        client.send(topic, b"open", partition=1).get(20)

        with consumer(kafka, **READ_COMMITTED) as reader:
            found = {tp.partition: last_of(reader, tp) for tp in partitions(reader, topic)}
            end = reader.end_offsets([TopicPartition(topic, 0)])[TopicPartition(topic, 0)]

    assert {n: record and record.value for n, record in found.items()} == {
        0: b"last of 0",
        1: b"last of 1",
        2: None,
    }
    assert end - 1 > found[0].offset


def partitions(reader: KafkaConsumer, topic: str) -> Iterator[TopicPartition]:
    for number in sorted(reader.partitions_for_topic(topic)):
        yield TopicPartition(topic, number)


def last_of(reader: KafkaConsumer, partition: TopicPartition) -> ConsumerRecord | None:
    """As the relay looks for its position: back from the end, further each time."""
    begin = reader.beginning_offsets([partition])[partition]
    end = reader.end_offsets([partition])[partition]
    reader.assign([partition])
    back = 16
    while end > begin:
        reader.seek(partition, max(begin, end - back))
        last = None
        while reader.position(partition) < end:
            for record in reader.poll(timeout_ms=500).get(partition, []):
                last = record
        if last is not None or end - back <= begin:
            return last
        back *= 8
    return None
