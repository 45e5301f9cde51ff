"""A stream's messages stay in the partition that every other client would choose for its key."""

from uuid import UUID

import pytest
from kafka.partitioner import DefaultPartitioner

from services.casefile.relaying.placing import RememberingPartitioner

KEYS = [str(UUID(int=number**7)).encode() for number in range(200)]


class Cluster:
    def __init__(self, partitions: int) -> None:
        self._partitions = set(range(partitions))

    def topics(self) -> set[str]:
        return {"a"}

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return self._partitions

    available_partitions_for_topic = partitions_for_topic


@pytest.mark.parametrize("partitions", [1, 12])
def test_it_is_the_clients_own_choice_whether_it_is_remembered_or_not(partitions: int):
    cluster, ours, theirs = Cluster(partitions), RememberingPartitioner(), DefaultPartitioner()

    for key in [*KEYS, *KEYS]:
        asked = ("a", key, key, b"", b"", cluster)
        assert ours.partition(*asked) == theirs.partition(*asked)
