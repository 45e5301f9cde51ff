"""Processes that are struck, and what has to be seen of them."""

import ctypes
import importlib
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import psycopg

from services.notifications.state.connections import connect
from tests.notifications.workers import wait_until

QUIET = {"point": "none", "nth": 0, "victim": "self"}
LIVES = "SELECT 1"
PATIENCE = 120
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
HERE = "tests.notifications.crashing"
# Each is forked off a process that has imported everything: there are hundreds of them.
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["pytest", f"{HERE}.consume", f"{HERE}.deliver", __name__])


@dataclass
class Struck:
    """One process; what it stands on may be struck in its place."""

    process: ForkServerProcess
    hears: Pipe
    log: Path

    def falls(self) -> None:
        """It was killed where it was told to be, and not by anything else."""
        self.process.join(PATIENCE)
        assert self.process.exitcode == -signal.SIGKILL, self.said()

    def strikes(self) -> None:
        """It has struck what it stands on."""
        assert self.hears.poll(PATIENCE), self.said()
        assert self.hears.recv() == "struck"

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def said(self) -> str:
        return self.log.read_text()[-2000:]


@contextmanager
def running(module: str, orders: dict[str, Any], log: Path, **strike: Any) -> Iterator[Struck]:
    hears, tells = FORKING.Pipe(duplex=False)
    told = QUIET | orders | strike
    process = FORKING.Process(target=carry_out, args=(module, told, str(log), tells), daemon=True)
    process.start()
    tells.close()
    try:
        yield Struck(process, hears, log)
    finally:
        process.kill()
        process.join()
        process.close()
        hears.close()


def carry_out(module: str, told: dict[str, Any], log: str, tells: Pipe) -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    with Path(log).open("ab") as lines:
        for stream in (1, 2):
            os.dup2(lines.fileno(), stream)
    importlib.import_module(f"{HERE}.{module}").main(told, tells.send)


def answers(database: str) -> bool:
    """PostgreSQL has recovered."""
    try:
        with connect(database) as connection:
            return connection.execute(LIVES).fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def recovered(database: str) -> None:
    wait_until(lambda: answers(database))
