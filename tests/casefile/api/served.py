"""A real API process on loopback, and plain connections to it."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from typing import Any

from tests.casefile.api.calling import token
from tests.servers import Database

READY_WITHIN = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back, byte for byte."""

    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A process that answers."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=20)

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=20)


def ask(
    connection: HTTPConnection,
    method: str,
    path: str,
    body: Any = None,
    name: str = "teacher",
    **headers: str,
) -> Answer:
    sent = {"authorization": f"Bearer {token(name)}"}
    sent |= {key.replace("_", "-"): value for key, value in headers.items()}
    content = None
    if body is not None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"content-type": "application/json"} | sent
    connection.request(method, path, content, sent)
    response = connection.getresponse()
    return Answer(
        response.status, response.read(), {k.lower(): v for k, v in response.getheaders()}
    )


@contextmanager
def served(
    database: Database, folder: Path, worker: str = "tests.casefile.api.worker"
) -> Iterator[Served]:
    port = free_port()
    log = folder / "api.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", worker, str(folder), str(port)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
        )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(database)).encode())
    process.stdin.close()
    running = Served(port, log, process)
    try:
        wait_ready(running)
        yield running
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=20)


def wait_ready(running: Served) -> None:
    deadline, never = time.monotonic() + READY_WITHIN, Event()
    while time.monotonic() < deadline and running.process.poll() is None:
        if answers(running) or never.wait(0.05):
            return
    raise AssertionError(running.log.read_text())


def answers(running: Served) -> bool:
    with closing(running.connect()) as connection:
        try:
            return ask(connection, "GET", "/livez").status == 200
        except (OSError, HTTPException):
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
