"""Relays that leave out what keeps ours from losing or doubling: to see that the tests would tell."""

from typing import Any

import psycopg

from services.casefile.following.lease import Lease
from services.casefile.log.waking import Listener
from services.casefile.relaying import term
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from services.casefile.relaying.transaction import Transaction


class Trusting(Transaction):
    """Believes what the client says of the commit."""

    def settle(self) -> None:
        self._result.wait(timeout_ms=12_000)


class Unguarded(KafkaPublisher):
    """Neither the guard nor the look at every record."""

    def _guard(self) -> None: ...

    def publish(self, records: Any) -> Trusting:
        sent = super().publish(records)
        return Trusting(sent._result, sent._futures)


class FromTheTable(KafkaPublisher):
    """Goes on where the database says it was."""

    def __init__(self, conninfo: str, *args: Any, **options: Any) -> None:
        self._conninfo = conninfo
        super().__init__(*args, **options)

    def published(self) -> int:
        with psycopg.connect(self._conninfo) as connection:
            row = connection.execute(
                "SELECT max(position) FROM casefile.relay WHERE topic = %s", [self._topic]
            ).fetchone()
        return row[0] or 0


def smaller_batches(most: int) -> None:
    term.MOST = most


def without_lease() -> None:
    Lease.take = lambda *_: True


def without_listening() -> None:
    """As when LISTEN is dead: nobody is told of anything, and only polling is left."""
    Listener.start = lambda _: None
