"""A Kafka topic as a source, on a real broker: told where to go on, it leaves nothing out."""

from collections.abc import Iterator

import pytest

from services.notifications.messages import Incoming
from services.notifications.sources.kafka import KafkaSource
from services.notifications.sources.source import Batch, Unreadable
from tests.bus.clients import producer
from tests.kafka import Kafka
from tests.notifications.given import child, headers, histories, message, value


@pytest.fixture
def topic(kafka: Kafka) -> str:
    """Two partitions with ten messages each, by the parity of the version."""
    name = kafka.topic(2)
    with producer(kafka) as client:
        for one in histories(1, 20):
            place = one.version % 2
            client.send(name, value(one), partition=place, headers=headers(one))
        client.flush()
    return name


@pytest.fixture
def source(kafka: Kafka, topic: str) -> Iterator[KafkaSource]:
    client = {"bootstrap_servers": kafka.bootstrap}
    found = KafkaSource(client, topic, topic, limit=20, fixed=[0, 1])
    yield found
    found.close()


def read(source: KafkaSource, until: dict[str, int]) -> list[Batch]:
    """Batches until every partition is that far."""
    found: list[Batch] = []
    reached: dict[str, int] = {}
    empty = 0
    while any(reached.get(partition, 0) < end for partition, end in until.items()):
        batch = source.batch(5)
        if batch is None:
            empty += 1
            assert empty < 5, "something was left out"
            continue
        found.append(batch)
        reached[batch.partition] = batch.next_offset
    return found


def test_what_one_partition_gave_is_still_there_when_another_is_told_to_go_back(
    source: KafkaSource,
) -> None:
    source.start({"0": 0, "1": 0})
    first = None
    while first is None:
        first = source.batch(5)
    source.start({first.partition: 0})
    batches = read(source, {"0": 10, "1": 10})
    for partition in ("0", "1"):
        versions = [m.version for b in batches if b.partition == partition for m in incoming(b)]
        assert versions == [v for v in range(1, 21) if v % 2 == int(partition)]


def test_batches_join_on_without_a_gap_and_begin_where_they_were_told(
    source: KafkaSource,
) -> None:
    assert source.unstarted() == {"0", "1"}
    assert source.batch(0.2) is None, "nothing before it is told where to start"
    source.start({"0": 4, "1": 0})
    ends = {"0": 4, "1": 0}
    for batch in read(source, {"0": 10, "1": 10}):
        assert batch.offset == ends[batch.partition]
        assert batch.next_offset == batch.offset + len(batch.messages)
        ends[batch.partition] = batch.next_offset


def test_a_record_that_is_no_message_keeps_its_stream_by_its_key(kafka: Kafka) -> None:
    topic = kafka.topic(1, max_message_bytes=3_000_000)
    key = str(child()).encode()
    with producer(kafka, max_request_size=4_000_000) as client:
        client.send(topic, b"\xff", key=key, headers=[("ce_id", b"\xff")])
        client.send(topic, None, key=b"nobody")
        large = message(1, note="x" * (2 << 20))
        client.send(topic, value(large), key=key, headers=headers(large))
        client.flush()
    source = KafkaSource({"bootstrap_servers": kafka.bootstrap}, topic, topic, fixed=[0])
    try:
        source.start({"0": 0})
        found = [m for batch in read(source, {"0": 3}) for m in batch.messages]
    finally:
        source.close()
    assert all(isinstance(m, Unreadable) for m in found)
    traces = [m.traces for m in found if isinstance(m, Unreadable)]
    assert [(t.stream_id, t.version) for t in traces] == [
        (child(), None), (None, None), (child(), 1),
    ]  # fmt: skip
    assert isinstance(found[2], Unreadable) and found[2].reason == "larger than 1048576 bytes"


def incoming(batch: Batch) -> list[Incoming]:
    return [m for m in batch.messages if isinstance(m, Incoming)]
