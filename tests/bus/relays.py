"""Relays of a test, in threads and in processes, and what they should have left in the topic."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from kafka import TopicPartition

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.envelope import Author
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.messages import told
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.publishing.cloudevents import to_kafka
from services.casefile.relaying.batch import Source
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from services.casefile.relaying.relay import Relay
from services.casefile.relaying.tail import position_of
from tests.bus.clients import READ_COMMITTED, consumer, records
from tests.casefile.cli.processes import waited
from tests.casefile.sweeping.lives import lives
from tests.casefile.sweeping.rehearsal import TELL, stored
from tests.kafka import Kafka
from tests.servers import Database

LIMIT = 1024 * 1024
HASTY = (0.05, 0.1, 0.2)
QUICK_LEASE = 2.0
HEAD = b"SELECT coalesce(max(notification_id), 0) FROM casefile.stored_events"


@dataclass(frozen=True)
class Setup:
    """What a relay is started with."""

    database: str
    bootstrap: str
    topic: str
    client: dict[str, Any] = field(default_factory=dict)
    limit: int = LIMIT


def fill(database: Database, children: int = 12, seed: int = 1, days: int = 30) -> int:
    """Append invented lives to the log; returns its head."""
    first = date(2026, 3, 1)
    life = lives(children, first, date.fromordinal(first.toordinal() + days), seed)
    shifted = [each._replace(child=UUID(int=each.child.int + seed * 1000)) for each in life]
    with psycopg.connect(database.owner) as connection:
        connection.cursor().executemany(TELL, [stored(each) for each in shifted])
    return head(database)


def append_large(database: Database, size: int) -> int:
    """One event whose message has at least so many bytes; no command would make it."""
    unit = Author("t-101", "class_teacher", "u" * size)
    (life,) = lives(1, date(2026, 3, 1), date(2026, 3, 2), 7)[:1]
    told = stored(life._replace(child=UUID(int=size)))
    body = msgspec.json.decode(told["state"])
    body["env"]["performed_by"] = msgspec.to_builtins(unit)
    with psycopg.connect(database.owner) as connection:
        connection.execute(TELL, told | {"state": msgspec.json.encode(body)})
    return head(database)


def head(database: Database) -> int:
    with psycopg.connect(database.owner) as connection:
        return connection.execute(HEAD).fetchone()[0]


@contextmanager
def log_of(conninfo: str) -> Iterator[tuple[CasefileRecorder, CasefileMapper]]:
    recorder = CasefileRecorder.open(conninfo)
    try:
        yield recorder, CasefileMapper(catalogue())
    finally:
        recorder.close()


@contextmanager
def relay(setup: Setup, publisher: Any = KafkaPublisher, **options: Any) -> Iterator[Relay]:
    with log_of(setup.database) as (recorder, mapper):
        new = partial(publisher, client(setup), setup.topic, setup.topic, setup.limit)
        source = Source(recorder, mapper, setup.limit)
        hasty = {"lease_seconds": QUICK_LEASE, "pauses": HASTY} | options
        yield Relay(setup.database, source, setup.topic, new, **hasty)


def client(setup: Setup) -> dict[str, Any]:
    return {"bootstrap_servers": setup.bootstrap, "retry_backoff_ms": 20} | setup.client


@contextmanager
def running(
    setup: Setup, publisher: Any = KafkaPublisher, **options: Any
) -> Iterator[threading.Thread]:
    """A relay in a thread of its own, told to stop at the end."""
    stop = threading.Event()
    with relay(setup, publisher, **options) as one:
        thread = threading.Thread(target=one.run, args=(stop,), daemon=True)
        thread.start()
        try:
            yield thread
        finally:
            stop.set()
            thread.join(60)
            assert not thread.is_alive()


def position(setup: Setup) -> int:
    with psycopg.connect(setup.database) as connection:
        row = connection.execute(
            "SELECT coalesce(again, position) FROM casefile.relay WHERE topic = %s", [setup.topic]
        ).fetchone()
    return row[0] if row else 0


def reaches(setup: Setup, target: int) -> None:
    waited(lambda: position(setup) >= target)


def is_all_seen(kafka: Kafka, setup: Setup) -> bool:
    """Whether Kafka has written the marks of every transaction, which it does after its answer."""
    levels = ("read_committed", "read_uncommitted")
    return len({ends(kafka, setup.topic, level) for level in levels}) == 1


def ends(kafka: Kafka, topic: str, level: str) -> tuple[int, ...]:
    with consumer(kafka, isolation_level=level) as client:
        partitions = [TopicPartition(topic, n) for n in sorted(client.partitions_for_topic(topic))]
        found = client.end_offsets(partitions)
        return tuple(found[each] for each in partitions)


@contextmanager
def process(
    setup: Setup, point: str = "", nth: int = 1, **options: Any
) -> Iterator[subprocess.Popen]:
    """The same in a process, which kills itself at the n-th time it comes to a point."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.bus.relay_worker"], stdin=subprocess.PIPE
    )
    orders = {"setup": asdict(setup), "point": point, "nth": nth} | options
    worker.stdin.write(json.dumps(orders).encode())
    worker.stdin.close()
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.wait(20)


def expected(setup: Setup) -> list[Any]:
    """The whole log, as it should be in the topic."""
    with log_of(setup.database) as (recorder, mapper):
        stretch = told(mapper, recorder.page(0, 1_000_000), 0)
    return [to_kafka(message) for message in stretch.messages]


def in_topic(kafka: Kafka, setup: Setup) -> list[Any]:
    return records(kafka, setup.topic, **READ_COMMITTED)


def faults(kafka: Kafka, setup: Setup) -> dict[str, int]:
    """What is wrong with the topic: empty when every message of the log is in it once, in order."""
    found, wanted = in_topic(kafka, setup), expected(setup)
    at = [(record.partition, position_of(record.headers)) for record in found]
    sent = {position_of(record.headers): record for record in found}
    due = {position_of(record.headers): record for record in wanted}
    same = [p for p in due.keys() & sent.keys() if not is_same(sent[p], due[p])]
    streams: dict[bytes, list[int]] = {}
    for record in found:
        streams.setdefault(record.key, []).append(position_of(record.headers))
    counted = {
        "missing": len(due.keys() - sent.keys()),
        "foreign": len(sent.keys() - due.keys()),
        "twice": len(at) - len(sent),
        "out of order": sum(
            at[i][0] == at[i + 1][0] and at[i] >= at[i + 1] for i in range(len(at) - 1)
        ),
        "disorder in a stream": sum(line != sorted(line) for line in streams.values()),
        "other bytes": len(same),
    }
    return {name: count for name, count in counted.items() if count}


def is_same(found: Any, wanted: Any) -> bool:
    return (found.key, found.value, list(found.headers)) == tuple(wanted)


def setup(database: Database, kafka: Kafka, partitions: int = 4, **options: Any) -> Setup:
    return Setup(database.app, kafka.bootstrap, kafka.topic(partitions=partitions), **options)
