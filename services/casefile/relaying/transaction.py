"""One transaction of the client, waited for with an end: with the messages that were sent, or without any."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from time import monotonic
from typing import Any

from kafka import TopicPartition
from kafka.errors import MessageSizeTooLargeError

from services.casefile.relaying.errors import NotCommitted, OutcomeUnknown, TopicTakesLess

COMMIT_MS = 12_000
TICK_MS = 500


class Transaction:
    """Under way; whoever waits for its end learns what became of it."""

    def __init__(self, result: Any, futures: Sequence[Any] = ()) -> None:
        self._result, self._futures = result, futures

    def settle(self) -> None:
        until = monotonic() + COMMIT_MS / 1000
        try:
            while not self._result.wait(timeout_ms=TICK_MS):
                self._must_be_under_way(is_late=monotonic() > until)
        except MessageSizeTooLargeError as error:
            raise TopicTakesLess from error
        if not all(future.succeeded() for future in self._futures):
            raise NotCommitted

    def _must_be_under_way(self, *, is_late: bool) -> None:
        """A commit that was asked for before one of its messages was refused is never answered."""
        if any(isinstance(each.exception, MessageSizeTooLargeError) for each in self._futures):
            raise TopicTakesLess
        if is_late:
            raise OutcomeUnknown


def mark(producer: Any, partitions: AbstractSet[TopicPartition], *, is_commit: bool) -> None:
    """A transaction without messages: all it does is have Kafka write its mark into each partition."""
    manager, sender = producer._transaction_manager, producer._sender  # noqa: SLF001
    producer.begin_transaction()
    with manager._lock:  # noqa: SLF001
        manager._new_partitions_in_transaction.update(partitions)  # noqa: SLF001
        adding = manager._add_partitions_to_transaction_handler()  # noqa: SLF001
        manager._enqueue_request(adding)  # noqa: SLF001
    sender.wakeup()
    Transaction(adding.result).settle()
    ending = manager.begin_commit() if is_commit else manager.begin_abort()
    sender.wakeup()
    Transaction(ending).settle()
