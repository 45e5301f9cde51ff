"""The Kafka the suite runs on: Apache Kafka where there is Java, else a stand-in that says so."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from deploy.kafka.broker import Cluster, free_ports
from deploy.kafka.jars import KafkaUnavailable, resolved

CHOICES = ("real", "fallback", "auto")
PATIENCE = 30.0


class Server(Protocol):
    @property
    def bootstrap(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...


@dataclass(slots=True)
class StandIn:
    """noida-db: enough of Kafka for most of the suite, in memory. Killed, it has lost everything."""

    folder: Path
    port: int = field(default_factory=lambda: free_ports(1)[0][0])
    _process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        listen = ("--only", "kafka", "--host", "127.0.0.1", "--kafka-port", str(self.port))
        node = self.folder / "n1"
        node.mkdir(parents=True, exist_ok=True)
        with (node / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [_stand_in(), "start", *listen, "--data-dir", node], stdout=log, stderr=log
            )
        (node / "pid").write_text(str(self._process.pid))
        deadline = time.monotonic() + PATIENCE
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise KafkaUnavailable("the stand-in did not start")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass(frozen=True, slots=True)
class Kafka:
    """A running Kafka, with topics for one test each."""

    server: Server
    is_real: bool
    why_not_real: str = ""

    @property
    def bootstrap(self) -> str:
        return self.server.bootstrap

    @property
    def cluster(self) -> Cluster:
        assert isinstance(self.server, Cluster), "only Apache Kafka has nodes"
        return self.server

    @contextmanager
    def admin(self) -> Iterator[Any]:
        from kafka import KafkaAdminClient  # most of the suite does without

        client = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            yield client
        finally:
            client.close()

    def topic(self, partitions: int = 1, replicas: int = 1, **configs: Any) -> str:
        """A new topic with a name of its own; `min_insync_replicas=2` sets min.insync.replicas."""
        name = f"test.{uuid4().hex}"
        options = {
            "num_partitions": partitions,
            "replication_factor": replicas,
            "configs": {key.replace("_", "."): str(value) for key, value in configs.items()},
        }
        with self.admin() as admin:
            admin.create_topics({name: options}, wait_for_metadata=True)
        return name

    def kill(self) -> None:
        """As a power cut would. `start` brings it back on the same address."""
        self.server.kill()

    def start(self) -> None:
        """Nothing happens to what is running already."""
        if isinstance(self.server, Cluster):
            for node in self.server.nodes:
                node.wake()
        self.server.start()


@contextmanager
def running(choice: str, folder: Path, nodes: int = 1) -> Iterator[Kafka]:
    found = _chosen(choice, folder, nodes)
    watchdog = _killed_with_us(folder)
    try:
        found.start()
        yield found
    finally:
        found.server.kill()
        watchdog.kill()
        watchdog.communicate()


def _chosen(choice: str, folder: Path, nodes: int) -> Kafka:
    """`real` never becomes something else; `auto` takes the stand-in and says why."""
    if choice not in CHOICES:
        raise KafkaUnavailable(f"--kafka is one of {', '.join(CHOICES)}, not {choice!r}")
    if choice == "fallback":
        return Kafka(StandIn(folder), is_real=False, why_not_real="--kafka=fallback")
    try:
        resolved()
    except KafkaUnavailable as absent:
        if choice == "real":
            raise
        return Kafka(StandIn(folder), is_real=False, why_not_real=str(absent))
    return Kafka(Cluster.at(folder, nodes), is_real=True)


def _killed_with_us(folder: Path) -> subprocess.Popen[bytes]:
    # A killed test run closes the pipe, and no broker is left on the developer's machine.
    script = 'read -r _; kill -KILL $(cat "$0"/n*/pid)'
    return subprocess.Popen(
        ["sh", "-c", script, folder], stdin=subprocess.PIPE, start_new_session=True
    )


def _stand_in() -> Path:
    package = find_spec("noida_db")
    if package is None or package.origin is None:
        raise KafkaUnavailable("the stand-in is not installed; `make .venv/ready-dev` does it")
    return Path(package.origin).with_name("noida-db")
