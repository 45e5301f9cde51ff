"""What the relay needs of a bus, so that another client can take the place of kafka-python."""

from collections.abc import Callable, Sequence
from typing import Protocol

from services.casefile.publishing.cloudevents import KafkaRecord
from services.casefile.relaying.hanging import Hanging

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
        """The position of the last message that readers see in the topic; 0 when there is none."""

    def hanging(self) -> Hanging:
        """What is in the topic and readers will never see, unless it is resolved."""

    def resolve(self, found: Hanging, known: int) -> None:
        """Commit what is part of what was published up to a position; roll back what comes after."""

    @property
    def is_connected(self) -> bool:
        """False once the connection broke that it began with: it is good for nothing then."""

    def publish(self, records: Sequence[KafkaRecord]) -> Pending:
        """Send all or nothing. After any error the publisher is good for nothing but closing."""

    def close(self) -> None: ...


NewPublisher = Callable[[], EventPublisher]
