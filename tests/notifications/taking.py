"""Takes messages as the consumer does, on a real database, and says what came of them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.notifications.consuming.batching import take_batch
from services.notifications.consuming.effect import Effect
from services.notifications.consuming.ignoring import Ignoring
from services.notifications.consuming.ports import Reactions
from services.notifications.consuming.taking import Taking
from services.notifications.messages import Incoming
from services.notifications.policy.intent import Intent
from services.notifications.sources.source import Batch, Unreadable
from services.notifications.state.connections import Connection
from services.notifications.state.offsets import next_offsets
from services.notifications.state.parked import Place
from tests.notifications.given import MISSED, TALK

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def tell_the_teacher(
    _connection: Connection, messages: Sequence[Incoming], _now: datetime
) -> list[list[Intent]]:
    """One notice for every message."""
    return [
        [Intent(kind="test", dedup=m.id, case_id=m.case_id, staff=("t-101",))] for m in messages
    ]


TELLING = Reactions(types=frozenset((TALK, MISSED)), react=tell_the_teacher)


@dataclass
class Reader:
    """One partition, read batch by batch."""

    connection: Connection
    reactions: Reactions = TELLING
    notify_after: datetime = LONG_AGO
    pause: Callable[[float], None] = field(default=lambda _seconds: None)
    partition: str = "0"
    now: Callable[[], datetime] = lambda: NOW

    @property
    def effect(self) -> Effect:
        return Effect(self.reactions, self.notify_after, self.now)

    @property
    def offset(self) -> int:
        return next_offsets(self.connection, "kafka", [self.partition])[self.partition]

    def take(self, *messages: Incoming | Unreadable, offset: int | None = None) -> Counter[str]:
        start = self.offset if offset is None else offset
        batch = Batch(self.partition, start, start + len(messages), list(messages))
        place = Place("kafka", self.partition)
        ignoring = Ignoring(frozenset(self.reactions.types))
        taking = Taking(self.connection, self.effect, place, ignoring, self.pause)
        take_batch(taking, self.connection, "kafka", batch)
        return taking.counts

    def told(self) -> list[str]:
        """The ids of the messages somebody was told of, in order."""
        query = "SELECT message_id FROM notifications.notices ORDER BY created_at, message_id"
        return [row[0] for row in self.connection.execute(query)]

    def versions(self) -> list[int]:
        return [int(message_id.rpartition(":")[2]) for message_id in self.told()]

    def parked(self) -> list[tuple[int | None, str]]:
        query = "SELECT version, class FROM notifications.parked ORDER BY version, id"
        return list(self.connection.execute(query))  # type: ignore[arg-type]

    def reasons(self) -> Sequence[str]:
        query = "SELECT reason FROM notifications.parked ORDER BY version, id"
        return [row[0] for row in self.connection.execute(query)]
