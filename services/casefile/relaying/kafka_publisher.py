"""Transactions on Kafka with kafka-python, and what keeps its three faults from losing anything.

Each has a test that injects it (`tests/bus/test_commit.py`, `tests/bus/test_relay_faults.py`):
it can say committed of what was rolled back, its commit may never come back, and nothing holds a
sender back. So errors that it would paper over are made fatal, commits are waited for with an end,
every record is asked for its fate, and no more than one transaction is under way.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaProducer, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from services.casefile.publishing.cloudevents import KafkaRecord
from services.casefile.relaying.coordinator import SameCoordinator
from services.casefile.relaying.errors import (
    CoordinatorLost,
    KafkaAway,
    TopicHidden,
    TopicTakesLess,
)
from services.casefile.relaying.hanging import Hanging, hanging, left
from services.casefile.relaying.placing import RememberingPartitioner
from services.casefile.relaying.publisher import Reached, unnoticed
from services.casefile.relaying.tail import PATIENCE, last_position
from services.casefile.relaying.transaction import Transaction, mark

JOIN_SECONDS = 5
# Kafka writes a commit's marks after it has answered, and lets the next transaction wait for them:
# with the client's own 100 ms between two tries, that would be the time each transaction takes.
CLIENT = {"retry_backoff_ms": 20, "request_timeout_ms": 4_000, "reconnect_backoff_max_ms": 1_000}
PRODUCER = {
    "acks": "all",
    "linger_ms": 2,
    "batch_size": 128 * 1024,
    "transaction_timeout_ms": 15_000,
    "delivery_timeout_ms": 10_000,
    "max_block_ms": 8_000,
    "bootstrap_timeout_ms": 10_000,
    "allow_auto_create_topics": False,
    "kafka_client": SameCoordinator,
}


class KafkaPublisher:
    def __init__(
        self,
        client: Mapping[str, Any],
        topic: str,
        transactional_id: str,
        message_bytes: int,
        reached: Reached = unnoticed,
    ) -> None:
        self._client = {**CLIENT, **client}
        self._topic = topic
        self._reached = reached
        own = {"partitioner": RememberingPartitioner(), "max_request_size": message_bytes}
        options = {**PRODUCER, **self._client, **own}
        try:
            self._producer = KafkaProducer(**options, transactional_id=transactional_id)
        except KafkaTimeoutError as error:
            raise KafkaAway from error
        self._manager = self._producer._transaction_manager  # noqa: SLF001
        self._link: SameCoordinator = self._producer._sender._client  # noqa: SLF001
        try:
            self._guard()
            reached("connected")
            self._producer.init_transactions()
            self._link.meet(self._manager._transaction_coordinator)  # noqa: SLF001
        except BaseException:
            self.close()
            raise

    def published(self) -> int:
        return last_position(self._client, self._topic)

    @property
    def is_connected(self) -> bool:
        return self._link.is_connected

    def hanging(self) -> Hanging:
        return hanging(self._client, self._partitions())

    def resolve(self, found: Hanging, known: int) -> None:
        committed = found.committed(known)
        for partitions, is_commit in ((committed, True), (found.spans.keys() - committed, False)):
            if partitions:
                mark(self._producer, partitions, is_commit=is_commit)
        if not left(self._client, self._partitions(), PATIENCE):
            return
        raise TopicHidden(self._topic, found.first) if self.is_connected else CoordinatorLost

    def _partitions(self) -> set[TopicPartition]:
        return {TopicPartition(self._topic, n) for n in self._producer.partitions_for(self._topic)}

    def publish(self, records: Sequence[KafkaRecord]) -> Transaction:
        try:
            return self._sent(records)
        except KafkaError as error:
            # What a batch was refused for comes with whatever is asked of the client next.
            if isinstance(self._manager._last_error, MessageSizeTooLargeError):  # noqa: SLF001
                raise TopicTakesLess from error
            raise

    def _sent(self, records: Sequence[KafkaRecord]) -> Transaction:
        producer, half = self._producer, len(records) // 2
        producer.begin_transaction()
        self._reached("begun")
        futures = []
        for number, (key, value, headers) in enumerate(records):
            if number == half:
                self._reached("half_sent")
            futures.append(producer.send(self._topic, key=key, value=value, headers=headers))
        self._reached("sent")
        result = self._manager.begin_commit()
        producer._sender.wakeup()  # noqa: SLF001
        self._reached("committing")
        return Transaction(result, futures)

    def close(self) -> None:
        """Throw the producer away. Its own `close` waits for answers that may never come."""
        self._producer._sender.force_close()  # noqa: SLF001
        self._producer._sender.join(JOIN_SECONDS)  # noqa: SLF001
        self._producer.close(timeout=0)

    def _guard(self) -> None:
        # Otherwise OUT_OF_ORDER_SEQUENCE and its like raise the epoch, and the commit says yes.
        self._manager._supports_epoch_bump = lambda: False  # noqa: SLF001
