"""The relay on a real Kafka: how soon an event can be read there, and how many a second it takes.

python -m bench.relay [--seconds N] [--events N] [--rounds N] [--json FILE]

Throughput is compared, round by round, with a bare loop of the same client that sends the same bytes
(one transaction for each batch, as ours), and with one that knows of no transactions.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from bench.quiet import wait_for_quiet
from bench.servers import measured_server
from bench.stats import Series, Slice, described, interleaved, table
from services.casefile.domain.catalogue import catalogue
from services.casefile.embedded import Provisioned, find_pg_binaries
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.messages import told
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.publishing.cloudevents import to_kafka
from services.casefile.relaying.tail import position_of
from tests.casefile.sweeping.lives import lives
from tests.casefile.sweeping.rehearsal import TELL, stored
from tests.kafka import Kafka, running

PARTITIONS = 12
PER_SECOND = 200
PATIENCE = 120.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of steady commits")
    parser.add_argument("--events", type=int, default=30_000, help="of backlog in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=float, default=0.0, help="seconds for a quiet machine")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="casefile-bench-"))
    results: dict[str, Any] = {}
    with (
        measured_server(folder / "postgres", find_pg_binaries(), slow_flush=False) as (_, owned),
        running("real", folder / "kafka") as kafka,
    ):
        bench = Bench(owned, kafka)
        for name, is_deaf in (("latency", False), ("latency, LISTEN dead", True)):
            wait_for_quiet(options.patience)
            found = bench.latency(options.seconds, is_deaf=is_deaf)
            results[name] = found
            print(f"{name}: {found}", flush=True)
        bench.fill(options.events)
        series = interleaved(
            {
                "ours": bench.relayed,
                "bare, in transactions": lambda: bench.bare(transactional=True),
                "bare": lambda: bench.bare(transactional=False),
            },
            options.rounds,
        )
        results["throughput"] = {n: described(s, series) for n, s in series.items()}
        print(shown(series))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


class Bench:
    def __init__(self, owned: Provisioned, kafka: Kafka) -> None:
        self._owned, self._kafka = owned, kafka

    def latency(self, seconds: float, *, is_deaf: bool) -> dict[str, float]:
        """From the moment the database took the event until a reader has it."""
        topic, reader = self._topic(), Reader(self._kafka.bootstrap)
        with self._relay(topic, is_deaf=is_deaf), reader.following(topic):
            self._warm(reader)
            committed = self._commits(seconds)
            reader.waits_for(committed)
        late = sorted((reader.seen[p] - at) * 1000 for p, at in committed.items())
        return {
            "events": len(late),
            "p50_ms": round(late[len(late) // 2], 1),
            "p99_ms": round(late[int(len(late) * 0.99)], 1),
            "max_ms": round(late[-1], 1),
        }

    def fill(self, events: int) -> None:
        """A backlog of invented lives."""
        rows: list[dict[str, Any]] = []
        seed = 0
        while len(rows) < events:
            seed += 1
            some = lives(20, date(2026, 1, 1), date(2026, 6, 30), seed)
            rows += [
                stored(each._replace(child=UUID(int=each.child.int + seed * 1000))) for each in some
            ]
        with psycopg.connect(self._owned.owner) as connection:
            connection.cursor().executemany(TELL, rows[:events])

    def relayed(self) -> Slice:
        topic, head = self._topic(), self._head()
        with self._relay(topic):
            self._until(topic, 1)
            since, first = time.perf_counter(), self._position(topic)
            self._until(topic, head)
            return Slice((head - first) / (time.perf_counter() - since))

    def bare(self, *, transactional: bool) -> Slice:
        """The client in a loop: what is to be sent lies ready, and nothing is asked of a database."""
        recorder = CasefileRecorder.open(self._owned.app)
        rows = recorder.page(0, 10_000_000)
        recorder.close()
        mapper, topic = CasefileMapper(catalogue()), self._topic()
        records = [to_kafka(m) for m in told(mapper, rows, 0).messages]
        options: dict[str, Any] = {"acks": "all", "linger_ms": 2, "batch_size": 128 * 1024}
        if transactional:
            options["transactional_id"] = topic
        producer = KafkaProducer(bootstrap_servers=self._kafka.bootstrap, **options)
        if transactional:
            producer.init_transactions()
        since = time.perf_counter()
        for first in range(0, len(records), 2_000):
            if transactional:
                producer.begin_transaction()
            for key, value, headers in records[first : first + 2_000]:
                producer.send(topic, key=key, value=value, headers=headers)
            if transactional:
                producer.commit_transaction()
        producer.flush()
        took = time.perf_counter() - since
        producer.close()
        return Slice(len(records) / took)

    def _warm(self, reader: "Reader") -> None:
        """Until the relay has come to the end of what was there before."""
        reader.waits_for(self._commits(1 / PER_SECOND))

    def _commits(self, seconds: float) -> dict[int, float]:
        """Position and moment of every event, one transaction each, evenly through the time."""
        committed: dict[int, float] = {}
        row = stored(lives(1, date(2026, 1, 1), date(2026, 1, 2))[0])
        statement = (
            "INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state) "
            "VALUES (%s, 1, %s, %s) RETURNING notification_id"
        )
        with psycopg.connect(self._owned.owner, autocommit=True) as connection:
            begun = time.monotonic()
            for number in range(max(1, int(seconds * PER_SECOND))):
                time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
                values = [uuid4(), row["topic"], row["state"]]
                (position,) = connection.execute(statement, values).fetchone()  # type: ignore[misc]
                committed[position] = time.time()
                connection.execute("NOTIFY casefile_log")
        return committed

    @contextmanager
    def _relay(self, topic: str, *, is_deaf: bool = False) -> Iterator[None]:
        orders = {
            "setup": {
                "database": self._owned.app,
                "bootstrap": self._kafka.bootstrap,
                "topic": topic,
            },
            "point": "", "nth": 1, "most": 2_000, "deaf": is_deaf,
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.bus.relay_worker"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert process.stdin is not None
        process.stdin.write(json.dumps(orders).encode())
        process.stdin.close()
        try:
            yield
        finally:
            process.kill()
            process.wait()

    def _topic(self) -> str:
        admin = KafkaAdminClient(bootstrap_servers=self._kafka.bootstrap)
        name = f"bench.{uuid4().hex}"
        form = {"num_partitions": PARTITIONS, "replication_factor": 1}
        admin.create_topics({name: form}, wait_for_metadata=True)
        admin.close()
        return name

    def _until(self, topic: str, target: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._position(topic) < target:
            if time.monotonic() > deadline:
                raise SystemExit("the relay did not come so far")
            time.sleep(0.01)

    def _position(self, topic: str) -> int:
        found = self._ask("SELECT max(position) FROM casefile.relay WHERE topic = %s", topic)
        return int(found or 0)

    def _head(self) -> int:
        return int(self._ask("SELECT max(notification_id) FROM casefile.stored_events"))

    def _ask(self, statement: str, *values: Any) -> Any:
        with psycopg.connect(self._owned.app) as connection:
            row = connection.execute(statement.encode(), values).fetchone()
        return row and row[0]


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
            auto_offset_reset="earliest",
            fetch_max_wait_ms=50,
        )
        consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
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


def shown(series: dict[str, Series]) -> str:
    rows = [["", "per second", "best", *(f"x {name}" for name in series)]]
    for name, each in series.items():
        ratios = [f"{each.ratio_to(other):.2f}" for other in series.values()]
        rows.append([name, f"{each.rate:,.0f}", f"{each.best:,.0f}", *ratios])
    return table(rows)


if __name__ == "__main__":
    main()
