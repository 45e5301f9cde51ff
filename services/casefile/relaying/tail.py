"""Where the topic ends: the position of its last committed message, read from every partition."""

from collections.abc import Iterator, Mapping, Sequence
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from services.casefile.relaying.errors import TailUnread, TopicMissing

POSITION = "ce_position"
FIRST_STEP, LONGER = 16, 8
PATIENCE = 20.0
POLL_MS = 500
CONSUMER = {
    "isolation_level": "read_committed",
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "allow_auto_create_topics": False,
    "bootstrap_timeout_ms": 10_000,
}


def last_position(client: Mapping[str, Any], topic: str) -> int:
    """Only after every other relay is fenced: nobody else can append then."""
    consumer = KafkaConsumer(**{**CONSUMER, **client})
    try:
        return Tail(consumer, topic).position()
    finally:
        consumer.close(autocommit=False)


class Tail:
    def __init__(self, consumer: Any, topic: str) -> None:
        numbers = consumer.partitions_for_topic(topic)
        if not numbers:
            raise TopicMissing
        self._consumer = consumer
        self._deadline = monotonic() + PATIENCE
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        self._begins = consumer.beginning_offsets(partitions)
        self._ends = consumer.end_offsets(partitions)

    def position(self) -> int:
        """Looks further back in those partitions whose last offsets hold no message."""
        last, step = 0, FIRST_STEP
        left = [tp for tp, end in self._ends.items() if end > self._begins[tp]]
        while left:
            found = self._read(left, step)
            last = max([last, *found.values()])
            left = [
                tp for tp in left if tp not in found and self._start(tp, step) > self._begins[tp]
            ]
            step *= LONGER
        return last

    def _start(self, partition: TopicPartition, step: int) -> int:
        start: int = max(self._begins[partition], self._ends[partition] - step)
        return start

    def _read(self, partitions: Sequence[TopicPartition], step: int) -> dict[TopicPartition, int]:
        """Control records and what was rolled back take offsets too, and are not seen."""
        found: dict[TopicPartition, int] = {}
        starts = {tp: self._start(tp, step) for tp in partitions}
        for tp, positions in positions_in(self._consumer, starts, self._ends, self._deadline):
            found[tp] = max([found.get(tp, 0), *positions])
        return found


def positions_in(
    consumer: Any,
    starts: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
    deadline: float,
) -> Iterator[tuple[TopicPartition, list[int]]]:
    """The positions of what lies between these offsets, partition by partition."""
    consumer.assign(list(starts))
    for partition, start in starts.items():
        consumer.seek(partition, start)
    while any(consumer.position(tp) < ends[tp] for tp in starts):
        if monotonic() > deadline:
            raise TailUnread
        for partition, records in consumer.poll(timeout_ms=POLL_MS).items():
            yield partition, [position_of(record.headers) for record in records]


def position_of(headers: Sequence[tuple[str, bytes]]) -> int:
    return next((int(value) for name, value in headers if name == POSITION), 0)
