"""What the relay is measured on: a database, an Apache Kafka, and the relay in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from kafka import KafkaAdminClient

from bench.servers import measured_server
from bench.synthetic_log import write_log
from services.casefile.composition import Secrets, build
from services.casefile.embedded import Provisioned, find_pg_binaries
from tests.kafka import Kafka, running

PARTITIONS = 12
PATIENCE = 120.0
LOOK = 0.02
POSITION = "SELECT max(position) FROM casefile.relay WHERE topic = %s"


@dataclass(frozen=True)
class Rig:
    owned: Provisioned
    kafka: Kafka
    folder: Path

    def fill(self, events: int) -> int:
        """A backlog of invented children, who take turns."""
        secrets = Secrets(self.folder / "kek.json", self.folder / "index.key")
        secrets.create()
        parts = build(self.owned.app, self.owned.keyring_app, secrets)
        try:
            return write_log(self.owned.owner, parts.keyring, events)
        finally:
            parts.close()

    def topic(self) -> str:
        admin = KafkaAdminClient(bootstrap_servers=self.kafka.bootstrap)
        name = f"bench.{uuid4().hex}"
        form = {"num_partitions": PARTITIONS, "replication_factor": 1}
        admin.create_topics({name: form}, wait_for_metadata=True)
        admin.close()
        return name

    @contextmanager
    def relay(self, topic: str, *, is_deaf: bool = False) -> Iterator[int]:
        """The pid of a relay to this topic."""
        setup = {"database": self.owned.app, "bootstrap": self.kafka.bootstrap, "topic": topic}
        orders = {"setup": setup, "point": "", "nth": 1, "most": None, "deaf": is_deaf}
        command = [sys.executable, "-m", "tests.bus.relay_worker"]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(orders))
        process.stdin.close()
        try:
            yield process.pid
        finally:
            process.kill()
            process.wait()

    def head(self) -> int:
        with psycopg.connect(self.owned.app) as connection:
            row = connection.execute(
                "SELECT max(notification_id) FROM casefile.stored_events"
            ).fetchone()
        return int(row[0]) if row and row[0] else 0

    def positions(self, topic: str, target: int) -> Iterator[int]:
        """How far the relay is, again and again until it is there; one that stands still is an error."""
        last, moved = 0, time.monotonic()
        with psycopg.connect(self.owned.app, autocommit=True) as connection:
            while last < target:
                time.sleep(LOOK)
                row = connection.execute(POSITION, [topic]).fetchone()
                found = int(row[0] or 0) if row else 0
                if found == last and time.monotonic() > moved + PATIENCE:
                    raise SystemExit(f"the relay stands still at {found} of {target}")
                if found != last:
                    last, moved = found, time.monotonic()
                    yield found


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    with (
        measured_server(folder / "postgres", find_pg_binaries(), slow_flush=False) as (_, owned),
        running("real", folder / "kafka") as kafka,
    ):
        yield Rig(owned, kafka, folder)


def orders() -> dict[str, Any]:
    told: dict[str, Any] = json.load(sys.stdin)
    return told
