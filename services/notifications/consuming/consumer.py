"""The consumer's loop: read, take, go on; through outages, rebalances and other workers."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from threading import Event

import psycopg
import structlog

from services.notifications.consuming.applying import KNOWN
from services.notifications.consuming.batching import take_batch
from services.notifications.consuming.effect import Effect
from services.notifications.consuming.ignoring import Ignoring
from services.notifications.consuming.ports import Reactions
from services.notifications.consuming.taking import Taking
from services.notifications.sources.source import Batch, Source, SourceDown
from services.notifications.state.beginning import began_at
from services.notifications.state.connections import Connection
from services.notifications.state.offsets import StaleBatch, next_offsets
from services.notifications.state.parked import Place

POLL_SECONDS = 1.0
LONGEST_BACKOFF = 30.0

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Consumer:
    """Runs until told to stop; whatever kills it, each message has one effect."""

    def __init__(
        self,
        open_source: Callable[[], Source],
        open_connection: Callable[[], Connection],
        reactions: Reactions,
        *,
        notify_after: datetime | None = None,
        now: Callable[[], datetime] = utc_now,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._open_source = open_source
        self._open_connection = open_connection
        self._reactions = reactions
        self._notify_after = notify_after
        self._now = now
        self._poll_seconds = poll_seconds
        known = KNOWN | reactions.types | reactions.listeners.keys()
        self._ignoring = Ignoring(frozenset(known))
        self._failures = 0
        self.counts: Counter[str] = Counter()

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            try:
                with closing(self._open_source()) as source:
                    log.info("consuming", source=source.name)
                    self._read(source, stop)
            except SourceDown as down:
                self._back_off(stop, "source_down", down, **down.data)
            except Exception as error:  # noqa: BLE001
                # A fault of ours must not end the process: nobody would be told anything.
                self._back_off(stop, "consuming_failed", error)

    def _read(self, source: Source, stop: Event) -> None:
        """Kafka's group keeps our place while the database is away."""
        while not stop.is_set():
            try:
                with self._open_connection() as connection:
                    source.start(next_offsets(connection, source.name, source.partitions()))
                    self._follow(source, connection, stop)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                self._back_off(stop, "database_down", error)

    def _follow(self, source: Source, connection: Connection, stop: Event) -> None:
        after = self._notify_after or began_at(connection)
        effect = Effect(self._reactions, after, self._now)
        while not stop.is_set():
            batch = source.batch(self._poll_seconds)
            if fresh := source.unstarted():
                source.start(next_offsets(connection, source.name, fresh))
            if batch is not None:
                self._take(source, connection, effect, batch)
            self._failures = 0

    def _take(self, source: Source, connection: Connection, effect: Effect, batch: Batch) -> None:
        place = Place(source.name, batch.partition)
        taking = Taking(connection, effect, place, self._ignoring)
        try:
            take_batch(taking, connection, source.name, batch)
        except StaleBatch:
            self.counts["stale"] += 1
            log.info("stale_batch", source=source.name, partition=batch.partition)
            source.start(next_offsets(connection, source.name, [batch.partition]))
            return
        self.counts.update(taking.counts)
        source.stored(batch.partition, batch.next_offset)

    def _back_off(self, stop: Event, event: str, error: Exception, **told: object) -> None:
        seconds = min(LONGEST_BACKOFF, 0.2 * 2 ** min(self._failures, 10))
        self._failures += 1
        log.warning(event, exc_info=error, seconds=seconds, attempts=self._failures, **told)
        stop.wait(seconds)
