"""The port both sources keep: partitions, offsets, and one batch of one partition at a time."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from services.notifications.messages import Incoming, Traces
from services.notifications.refusals import NotificationsError


class SourceDown(NotificationsError):
    """The source does not answer as it should."""

    remedy = "See that it runs and that the credentials are right; consuming goes on by itself."


class Unreadable(msgspec.Struct, frozen=True):
    """A message as it came that could not be read, and what can be said of it."""

    reason: str
    traces: Traces
    raw: bytes
    headers: dict[str, str] | None = None


class Batch(msgspec.Struct, frozen=True):
    """Messages of one partition, in order: everything from `offset` up to `next_offset`."""

    partition: str
    offset: int
    next_offset: int
    messages: list[Incoming | Unreadable]


class Source(Protocol):
    name: str

    def partitions(self) -> frozenset[str]:
        """What this worker reads at the moment; for a Kafka group it changes."""

    def unstarted(self) -> frozenset[str]:
        """Of these, the ones that were not told yet where to go on."""

    def start(self, offsets: Mapping[str, int]) -> None:
        """Go on from here, whatever was read before. Only started partitions give batches."""

    def batch(self, timeout: float) -> Batch | None:
        """The next messages of one partition, or None when nothing came in time."""

    def stored(self, partition: str, next_offset: int) -> None:
        """The batch had its effect; for those who watch from outside."""

    def close(self) -> None: ...
