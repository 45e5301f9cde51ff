"""One node: its settings, its process, and the ways that process can end."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.kafka.jars import HERE, java, resolved

READY = "Kafka Server started"
PATIENCE = 120.0
TICK = 0.05
# A small heap, and the quick compiler only: a node is there after three seconds instead of six.
MEMORY = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


class NodeFailed(Exception):
    """A node did not start or could not be formatted; the message ends with its last lines."""


@dataclass(frozen=True, slots=True)
class Node:
    number: int
    folder: Path
    port: int
    controller_port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def voter(self) -> str:
        return f"{self.number}@127.0.0.1:{self.controller_port}"

    @property
    def log(self) -> Path:
        return self.folder / "broker.log"

    @property
    def pid(self) -> int | None:
        """The running process, if it is still this node's and not another one of that number."""
        with suppress(OSError, ValueError):
            pid = int((self.folder / "pid").read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            return pid if os.fsencode(self._settings) in command else None
        return None

    def configure(self, voters: list[str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        replicas, in_sync = (3, 2) if len(voters) >= 3 else (1, 1)
        own = {
            "node.id": self.number,
            "controller.quorum.voters": ",".join(voters),
            "listeners": f"PLAINTEXT://{self.address},CONTROLLER://{self.voter.partition('@')[2]}",
            "advertised.listeners": f"PLAINTEXT://{self.address}",
            "log.dirs": self.folder / "data",
            "default.replication.factor": replicas,
            "min.insync.replicas": in_sync,
            "offsets.topic.replication.factor": replicas,
            "transaction.state.log.replication.factor": replicas,
            "transaction.state.log.min.isr": in_sync,
            "share.coordinator.state.topic.replication.factor": replicas,
            "share.coordinator.state.topic.min.isr": in_sync,
        }
        lines = (f"{name}={value}\n" for name, value in own.items())
        self._settings.write_text((HERE / "server.properties").read_text() + "".join(lines))

    def format(self, cluster: str) -> None:
        if (self.folder / "data" / "meta.properties").exists():
            return
        tool = ("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._settings))
        done = subprocess.run(self._java(*tool), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NodeFailed(f"node {self.number} cannot be formatted\n{done.stdout}{done.stderr}")

    def launch(self) -> "Launch":
        """Starts the process; `Launch.wait` returns once it serves."""
        if self.pid is not None:
            raise NodeFailed(f"node {self.number} is running already")
        offset = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            pid = _spawned(self._java("kafka.Kafka", str(self._settings)), log.fileno())
        (self.folder / "pid").write_text(str(pid))
        return Launch(self, pid, offset)

    def start(self) -> None:
        self.launch().wait()

    def stop(self) -> None:
        """A clean stop; killed if it takes too long."""
        end([self], signal.SIGTERM)

    def kill(self) -> None:
        end([self], signal.SIGKILL)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if (pid := self.pid) is not None:
            os.kill(pid, number)

    @property
    def _settings(self) -> Path:
        return self.folder / "server.properties"

    def _java(self, *arguments: str) -> list[str]:
        options = {
            "java.awt.headless": "true",
            "kafka.logs.dir": str(self.folder),
            "log4j2.configurationFile": (HERE / "log4j2.properties").as_uri(),
        }
        given = (f"-D{name}={value}" for name, value in options.items())
        return [java(), *MEMORY, "-cp", f"{resolved()}/*", *given, *arguments]


@dataclass(frozen=True, slots=True)
class Launch:
    """A node on its way up."""

    node: Node
    pid: int
    offset: int

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while READY not in (said := self._said()):
            if not _is_alive(self.pid) or time.monotonic() > deadline:
                self.node.kill()
                raise NodeFailed(f"node {self.node.number} did not start\n{said[-3000:]}")
            time.sleep(TICK)

    def _said(self) -> str:
        with self.node.log.open("rb") as log:
            log.seek(self.offset)
            return log.read().decode(errors="replace")


def end(nodes: Iterable[Node], number: signal.Signals) -> None:
    """All at once: the last of three could not leave a quorum that is gone."""
    pids = [pid for node in nodes if (pid := node.pid) is not None]
    for pid in pids:
        os.kill(pid, number)
    deadline = time.monotonic() + PATIENCE / 4
    while alive := [pid for pid in pids if _is_alive(pid)]:
        if time.monotonic() > deadline:
            for pid in alive:
                os.kill(pid, signal.SIGKILL)
        time.sleep(TICK)


def _is_alive(pid: int) -> bool:
    with suppress(ChildProcessError):
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _spawned(command: list[str], log: int) -> int:
    # Not a Popen: whoever starts a node may leave it running.
    opened = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, log, 1),
        (os.POSIX_SPAWN_DUP2, log, 2),
    ]
    return os.posix_spawn(command[0], command, os.environ, file_actions=opened, setsid=True)
