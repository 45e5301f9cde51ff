"""The product's real processes, in a state directory of the test's own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

PATIENCE = 120.0


@dataclass
class Running:
    """`casefile up`, as somebody started it in a terminal."""

    process: subprocess.Popen[bytes]
    base: str
    log: Path

    def token(self, role: str) -> str:
        found = waited(lambda: re.search(rf"demo-{role}-[0-9a-f]+", self.log.read_text()))
        return found.group()

    def get(self, path: str, role: str = "inspector"):
        request = Request(self.base + path, headers={"Authorization": f"Bearer {self.token(role)}"})
        with urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def family(self) -> list[int]:
        """Its processes and theirs, by the state directory in their environment."""
        mark = f"CASEFILE_STATE_DIR={self.log.parent}".encode()
        return [pid for pid in processes() if mark in environment(pid)]


def environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def processes() -> list[int]:
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]


def settings(folder: Path, port: int = 0) -> dict[str, str]:
    return os.environ | {"CASEFILE_STATE_DIR": str(folder), "CASEFILE_PORT": str(port or 8000)}


def casefile(folder: Path, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.casefile", *arguments]
    return subprocess.run(
        command,
        check=False,
        env=settings(folder),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        **options,
    )


@contextmanager
def up(folder: Path, children: int) -> Iterator[Running]:
    port = free_port()
    log = folder / "up.log"
    command = [sys.executable, "-m", "services.casefile", "up", "--children", str(children)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=settings(folder, port), stdout=out, stderr=out, start_new_session=True
        )
    running = Running(process, f"http://127.0.0.1:{port}", log)
    try:
        waited(lambda: answers(f"{running.base}/readyz"))
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def answers(url: str) -> bool:
    try:
        return urlopen(url, timeout=5).status == 200
    except (URLError, OSError):
        return False


def waited(condition: Callable[[], object]):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
