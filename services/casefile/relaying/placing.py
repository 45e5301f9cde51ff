"""Which partition a stream's messages go to: the one that the client itself chooses for their key."""

from functools import lru_cache
from typing import Any

from kafka.partitioner import Partitioner, murmur2

REMEMBERED = 65_536


class RememberingPartitioner(Partitioner):  # type: ignore[misc]
    """Kafka's own rule. The client hashes in Python, and a stream comes again and again."""

    def partition(self, topic: str, _key: Any, key: bytes, *others: Any) -> int:
        *_, cluster = others
        return hash_of(key) % len(cluster.partitions_for_topic(topic))


@lru_cache(REMEMBERED)
def hash_of(key: bytes) -> int:
    hashed: int = murmur2(key)
    return hashed & 0x7FFFFFFF
