"""Runs Apache Kafka (KRaft) on loopback, from a folder that holds everything it keeps.

    python -m deploy.kafka.broker start FOLDER [--nodes 3] [--port 9092]
    python -m deploy.kafka.broker stop FOLDER

`start` prints the bootstrap servers once every node serves. The same folder is found again.
"""

import argparse
import base64
import json
import signal
import socket
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from deploy.kafka.jars import KafkaUnavailable
from deploy.kafka.node import Node, NodeFailed, end

Ports = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Cluster:
    id: str
    nodes: tuple[Node, ...]

    @classmethod
    def at(cls, folder: Path, nodes: int = 1, port: int | None = None) -> "Cluster":
        """The cluster of that folder; laid out anew if there is none yet."""
        folder = folder.absolute()
        plan = folder / "cluster.json"
        if not plan.exists():
            folder.mkdir(parents=True, exist_ok=True)
            ports = free_ports(nodes) if port is None else ports_from(port, nodes)
            plan.write_text(json.dumps({"id": new_id(), "ports": ports}))
        kept = json.loads(plan.read_text())
        numbered = enumerate(kept["ports"], start=1)
        return cls(kept["id"], tuple(Node(n, folder / f"n{n}", *ports) for n, ports in numbered))

    @property
    def bootstrap(self) -> str:
        return ",".join(node.address for node in self.nodes)

    def start(self) -> None:
        """Starts the nodes that do not run, together: alone, none of three would be ready."""
        voters = [node.voter for node in self.nodes]
        absent = [node for node in self.nodes if node.pid is None]
        for node in absent:
            node.configure(voters)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda node: node.format(self.id), absent))
        try:
            for launch in [node.launch() for node in absent]:
                launch.wait()
        except NodeFailed:
            self.kill()
            raise

    def stop(self) -> None:
        end(self.nodes, signal.SIGTERM)

    def kill(self) -> None:
        end(self.nodes, signal.SIGKILL)


def new_id() -> str:
    """As `StorageTool random-uuid` makes them: no leading dash, which a command line would misread."""
    made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return new_id() if made.startswith("-") else made


def free_ports(nodes: int) -> Ports:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(2 * nodes)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        numbers = [int(probe.getsockname()[1]) for probe in sockets]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def ports_from(first: int, nodes: int) -> Ports:
    return [(first + 2 * n, first + 2 * n + 1) for n in range(nodes)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="deploy.kafka.broker", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=("start", "stop"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nodes", type=int, choices=(1, 3), default=1)
    parser.add_argument("--port", type=int, help="the first of two ports per node; else free ones")
    asked = parser.parse_args()
    if asked.what == "stop" and not (asked.folder / "cluster.json").exists():
        print(f"There is no cluster in {asked.folder}.", file=sys.stderr)
        return 1
    cluster = Cluster.at(asked.folder, asked.nodes, asked.port)
    try:
        cluster.start() if asked.what == "start" else cluster.stop()
    except (KafkaUnavailable, NodeFailed) as error:
        print(error, file=sys.stderr)
        return 1
    if asked.what == "start":
        print(cluster.bootstrap)
    return 0


if __name__ == "__main__":
    sys.exit(main())
