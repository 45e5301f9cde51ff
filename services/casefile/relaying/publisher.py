"""What the relay needs of a bus, so that another client can take the place of kafka-python."""

from collections.abc import Callable, Sequence
from typing import Protocol

from services.casefile.publishing.cloudevents import KafkaRecord

Reached = Callable[[str], None]
"""Told each step by its name, for tests that stop there."""


def unnoticed(_step: str) -> None:
    """Nobody looks."""


class Pending(Protocol):
    """A transaction on its way."""

    def settle(self) -> None:
        """Return when all of it is in the topic; raise when it is not, or when nobody knows."""


class EventPublisher(Protocol):
    """Once there is one, whoever published under the same name before no longer can."""

    def published(self) -> int:
        """The position of the last message in the topic; 0 when it is empty."""

    def publish(self, records: Sequence[KafkaRecord]) -> Pending:
        """Send all or nothing. After any error the publisher is good for nothing but closing."""

    def close(self) -> None: ...


NewPublisher = Callable[[], EventPublisher]
