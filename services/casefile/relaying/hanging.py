"""What Kafka took for over without marking it: found before a term publishes, and judged.

A lone broker that is killed right after it answered a commit may leave out the commit's marks when
it is back (docs/operations.md). Readers of committed messages then see nothing more of that
partition, and the next mark there, whatever it says, is taken for the mark that is missing.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing
from time import monotonic, sleep
from typing import Any

import msgspec
from kafka import IsolationLevel, KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import OffsetSpec

from services.casefile.relaying.tail import CONSUMER, PATIENCE, positions_in

ADMIN = {"bootstrap_timeout_ms": 10_000}
READER = {**CONSUMER, "isolation_level": "read_uncommitted"}
TICK = 0.05
# Longer than Kafka takes to write marks, so that a commit that is merely slow is not taken for one.
SLOW = 2.0

Hidden = dict[TopicPartition, tuple[int, int]]


class Span(msgspec.Struct, frozen=True):
    """The first and the last position of what is hidden in one partition; 0 when nothing is ours."""

    first: int
    last: int


class Hanging(msgspec.Struct, frozen=True):
    """What was sent and is neither committed nor rolled back, although nobody sends any more."""

    spans: Mapping[TopicPartition, Span]

    def __bool__(self) -> bool:
        return bool(self.spans)

    @property
    def first(self) -> int:
        return min((span.first for span in self.spans.values() if span.first), default=0)

    @property
    def last(self) -> int:
        return max((span.last for span in self.spans.values()), default=0)

    def committed(self, known: int) -> AbstractSet[TopicPartition]:
        """Where it belongs to what was committed; the rest comes after that, and is sent again.

        A transaction holds the next messages of the log. So whatever hangs before the last one of
        which it is known that it was published was committed with it, and so was, in turn, what
        hangs before the last one of that.
        """
        found: set[TopicPartition] = set()
        while more := {tp for tp, span in self.spans.items() if span.first <= known} - found:
            found |= more
            known = max(known, *(self.spans[tp].last for tp in more))
        return found


def hanging(client: Mapping[str, Any], partitions: AbstractSet[TopicPartition]) -> Hanging:
    hidden = left(client, partitions, SLOW)
    return Hanging(_spans(client, hidden) if hidden else {})


def left(
    client: Mapping[str, Any], partitions: AbstractSet[TopicPartition], seconds: float
) -> Hidden:
    """From where to where each partition is hidden from readers still, after so long at the most."""
    until = monotonic() + seconds
    with closing(KafkaAdminClient(**{**ADMIN, **client})) as admin:
        while (hidden := _hidden(admin, partitions)) and monotonic() < until:
            sleep(TICK)
    return hidden


def _hidden(admin: Any, partitions: AbstractSet[TopicPartition]) -> Hidden:
    asked = dict.fromkeys(partitions, OffsetSpec.LATEST)
    stable = admin.list_partition_offsets(asked, IsolationLevel.READ_COMMITTED)
    ends = admin.list_partition_offsets(asked, IsolationLevel.READ_UNCOMMITTED)
    found = {each: (stable[each].offset, ends[each].offset) for each in partitions}
    return {each: (start, end) for each, (start, end) in found.items() if start < end}


def _spans(client: Mapping[str, Any], hidden: Hidden) -> dict[TopicPartition, Span]:
    starts = {each: start for each, (start, _) in hidden.items()}
    ends = {each: end for each, (_, end) in hidden.items()}
    found: dict[TopicPartition, list[int]] = {each: [] for each in hidden}
    with closing(KafkaConsumer(**{**READER, **client})) as reader:
        for partition, positions in positions_in(reader, starts, ends, monotonic() + PATIENCE):
            found[partition] += filter(None, positions)
    return {each: Span(min(them, default=0), max(them, default=0)) for each, them in found.items()}
