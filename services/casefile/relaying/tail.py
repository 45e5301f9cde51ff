"""Where the topic ends: the position of its last committed message, read from every partition."""

from collections.abc import Mapping, Sequence
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
        self._consumer.assign(partitions)
        for partition in partitions:
            self._consumer.seek(partition, self._start(partition, step))
        while any(self._consumer.position(tp) < self._ends[tp] for tp in partitions):
            if monotonic() > self._deadline:
                raise TailUnread
            for partition, records in self._consumer.poll(timeout_ms=POLL_MS).items():
                here = [position_of(record.headers) for record in records]
                found[partition] = max([found.get(partition, 0), *here])
        return found


def position_of(headers: Sequence[tuple[str, bytes]]) -> int:
    return next((int(value) for name, value in headers if name == POSITION), 0)
