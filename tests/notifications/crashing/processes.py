"""Processes that are struck, and what has to be seen of them."""

import ctypes
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from services.notifications.state.connections import connect
from tests.notifications.workers import wait_until

QUIET = {"point": "none", "nth": 0, "victim": "self"}
LIVES = "SELECT 1"
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


@dataclass
class Struck:
    """One process; what it stands on may be struck in its place."""

    process: subprocess.Popen[bytes]
    log: Path

    def falls(self) -> None:
        """It was killed where it was told to be, and not by anything else."""
        assert self.process.wait(120) == -signal.SIGKILL, self.log.read_text()[-2000:]

    def strikes(self) -> None:
        """It has struck what it stands on."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"struck\n", self.log.read_text()[-2000:]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def running(module: str, orders: dict[str, Any], log: Path, **strike: Any) -> Iterator[Struck]:
    told = QUIET | orders | strike
    with log.open("ab") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.notifications.crashing.{module}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=lines,
            preexec_fn=_end_with_parent,  # noqa: PLW1509
        )
    assert process.stdin is not None and process.stdout is not None
    with process.stdin as stdin:
        stdin.write(json.dumps(told).encode() + b"\n")
    try:
        yield Struck(process, log)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _end_with_parent() -> None:
    """A killed test run leaves none of them behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def answers(database: str) -> bool:
    """PostgreSQL has recovered."""
    try:
        with connect(database) as connection:
            return connection.execute(LIVES).fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def recovered(database: str) -> None:
    wait_until(lambda: answers(database))
