"""From the moment the database took an event until a reader of committed messages has it."""

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import psycopg
from kafka import KafkaConsumer, TopicPartition

from bench.relay_rig import PARTITIONS, PATIENCE, Rig
from bench.stats import Slice
from services.casefile.relaying.tail import position_of
from tests.casefile.sweeping.lives import lives
from tests.casefile.sweeping.rehearsal import stored

PER_SECOND = 200
# A Kafka that has just been started takes half a second for each of its first transactions.
WARM_UP = 4.0
APPEND = (
    "INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state) "
    "VALUES (%s, 1, %s, %s) RETURNING notification_id"
)


class Latency:
    def __init__(self, rig: Rig, seconds: float) -> None:
        self._rig, self._seconds = rig, seconds
        self._measured(WARM_UP, is_deaf=False)

    def listening(self) -> Slice:
        return self._measured(self._seconds, is_deaf=False)

    def deaf(self) -> Slice:
        return self._measured(self._seconds, is_deaf=True)

    def _measured(self, seconds: float, *, is_deaf: bool) -> Slice:
        topic, reader = self._rig.topic(), Reader(self._rig.kafka.bootstrap)
        with self._rig.relay(topic, is_deaf=is_deaf), reader.following(topic):
            # Until the relay has come to the end of what was there before.
            reader.waits_for(self._commits(1 / PER_SECOND))
            committed = self._commits(seconds)
            reader.waits_for(committed)
        late = [(reader.seen[position] - at) * 1000 for position, at in committed.items()]
        return Slice(len(late) / seconds, late)

    def _commits(self, seconds: float) -> dict[int, float]:
        """Position and moment of every event, one transaction each, evenly through the time."""
        committed: dict[int, float] = {}
        row = stored(lives(1, date(2026, 1, 1), date(2026, 1, 2))[0])
        with psycopg.connect(self._rig.owned.owner, autocommit=True) as connection:
            begun = time.monotonic()
            for number in range(max(1, int(seconds * PER_SECOND))):
                time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
                values = [uuid4(), row["topic"], row["state"]]
                (position,) = connection.execute(APPEND, values).fetchone()  # type: ignore[misc]
                committed[position] = time.time()
                connection.execute("NOTIFY casefile_log")
        return committed


class Reader:
    """A consumer of committed messages in a thread, noting when each arrived."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._ended = threading.Event()
        self.seen: dict[int, float] = {}

    @contextmanager
    def following(self, topic: str) -> Iterator[None]:
        consumer = KafkaConsumer(
            bootstrap_servers=self._bootstrap,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="latest",
            fetch_max_wait_ms=50,
        )
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        thread = threading.Thread(target=self._read, args=(consumer,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join(20)
            consumer.close(autocommit=False)

    def waits_for(self, positions: Collection[int]) -> None:
        deadline = time.monotonic() + PATIENCE
        while missing := sum(position not in self.seen for position in positions):
            if time.monotonic() > deadline:
                raise SystemExit(f"{missing} of {len(positions)} did not come")
            time.sleep(0.02)

    def _read(self, consumer: KafkaConsumer) -> None:
        while not self._ended.is_set():
            for records in consumer.poll(timeout_ms=100).values():
                now = time.time()
                for record in records:
                    self.seen.setdefault(position_of(record.headers), now)
