"""A Kafka topic. The group only shares the partitions out; the offsets are our database's."""

import struct
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec
import structlog
from kafka import ConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from services.notifications.messages import Incoming, NotReadable, parse
from services.notifications.sources.source import Batch, SourceDown, Unreadable

# poll() lets faults of the client itself through, not only Kafka's.
FAULTS = (
    KafkaError, struct.error, OSError, ValueError, KeyError, AttributeError, TypeError,
    AssertionError,
)  # fmt: skip
BOOTSTRAP_MS = 10_000
# An outage is invisible to poll(): after so long in silence the broker is asked outright.
SILENCE_SECONDS = 15.0

log = structlog.get_logger(__name__)


class KafkaSource:
    """Reads what was committed. With `fixed` partitions it takes those, whoever else has them."""

    name = "kafka"

    def __init__(
        self,
        client: Mapping[str, Any],
        topic: str,
        group: str,
        *,
        limit: int = 100,
        fixed: Sequence[int] | None = None,
    ) -> None:
        self._topic = topic
        self._started: dict[str, int] = {}
        self._pending: list[tuple[str, list[Any]]] = []
        self._heard = time.monotonic()
        self._in_group = fixed is None
        try:
            self._consumer = KafkaConsumer(**_options(group, limit) | dict(client))
            self._take(fixed)
        except FAULTS as fault:
            raise SourceDown(reason=type(fault).__name__) from None

    def partitions(self) -> frozenset[str]:
        return frozenset(str(tp.partition) for tp in self._consumer.assignment())

    def unstarted(self) -> frozenset[str]:
        return self.partitions() - self._started.keys()

    def start(self, offsets: Mapping[str, int]) -> None:
        # Only theirs: what the others gave was taken off the client and does not come again.
        self._pending = [(p, records) for p, records in self._pending if p not in offsets]
        held = self.partitions()
        try:
            for partition, offset in offsets.items():
                if partition in held:
                    self._consumer.seek(self._tp(partition), offset)
        except FAULTS as fault:
            raise SourceDown(reason=type(fault).__name__) from None
        self._started.update(offsets)
        self._started = {p: o for p, o in self._started.items() if p in held}

    def batch(self, timeout: float) -> Batch | None:
        if not self._pending:
            self._poll(timeout)
        held = self.partitions()
        while self._pending:
            partition, records = self._pending.pop(0)
            # What a partition gave before it was started is read again from its own offset.
            if partition in held and partition in self._started:
                return self._batch(partition, records)
        return None

    def stored(self, partition: str, next_offset: int) -> None:
        """Kafka hears of it so that lag tools see us; nothing here relies on it."""
        if self._in_group:
            with suppress(*FAULTS):
                found = OffsetAndMetadata(next_offset, "", -1)
                self._consumer.commit_async({self._tp(partition): found})

    def close(self) -> None:
        with suppress(*FAULTS):
            self._consumer.close(autocommit=False)

    def _take(self, fixed: Sequence[int] | None) -> None:
        if fixed is None:
            self._consumer.subscribe([self._topic], listener=_Forgetting(self))
        else:
            self._consumer.assign([self._tp(str(number)) for number in fixed])

    def _poll(self, timeout: float) -> None:
        try:
            found = self._consumer.poll(timeout_ms=int(timeout * 1000))
            if not found:
                self._probe()
                return
        except FAULTS as fault:
            raise SourceDown(reason=type(fault).__name__) from None
        self._heard = time.monotonic()
        self._pending = [(str(tp.partition), records) for tp, records in found.items()]

    def _probe(self) -> None:
        if time.monotonic() - self._heard < SILENCE_SECONDS or not self._started:
            return
        self._consumer.end_offsets([self._tp(partition) for partition in self._started])
        self._heard = time.monotonic()

    def _batch(self, partition: str, records: list[Any]) -> Batch:
        offset = self._started[partition]
        reached = records[-1].offset + 1
        self._started[partition] = reached
        return Batch(partition, offset, reached, [_read(record) for record in records])

    def forget(self, partitions: frozenset[str]) -> None:
        """They have to be started again."""
        self._started = {p: o for p, o in self._started.items() if p not in partitions}

    def _tp(self, partition: str) -> Any:
        return TopicPartition(self._topic, int(partition))


class _Forgetting(ConsumerRebalanceListener):  # type: ignore[misc]
    """A partition that comes back may have been read by another worker meanwhile."""

    def __init__(self, source: KafkaSource) -> None:
        self._source = source

    def on_partitions_revoked(self, revoked: Any) -> None:
        self._source.forget(frozenset(str(tp.partition) for tp in revoked))

    def on_partitions_assigned(self, assigned: Any) -> None:
        self._source.forget(frozenset(str(tp.partition) for tp in assigned))


def _options(group: str, limit: int) -> dict[str, Any]:
    return {
        "group_id": group,
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "max_poll_records": limit,
        "session_timeout_ms": 15_000,
        "heartbeat_interval_ms": 3_000,
        "max_poll_interval_ms": 300_000,
        "allow_auto_create_topics": False,
        "bootstrap_timeout_ms": BOOTSTRAP_MS,
    }


def _read(record: Any) -> Incoming | Unreadable:
    headers = list(record.headers or ())
    try:
        return parse(headers, record.value)
    except NotReadable as fault:
        traces = fault.traces
        if traces.stream_id is None:
            traces = msgspec.structs.replace(traces, stream_id=_keyed(record.key))
        shown = {name: (value or b"").decode(errors="replace") for name, value in headers}
        return Unreadable(fault.reason, traces, record.value or b"", shown)


def _keyed(key: bytes | None) -> UUID | None:
    """Casefile's key is the id of the stream."""
    with suppress(ValueError):
        return UUID((key or b"").decode(errors="replace"))
    return None
