"""What the tests of the embedded server do to it, and what they ask of it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Self

import psycopg

from services.casefile.embedded import RunningPostgres
from services.casefile.embedded.postmaster import find_postmaster, serves
from services.casefile.embedded.waiting import wait_until

ROOT = Path(__file__).parents[3]


def ask(running: RunningPostgres, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(running.conninfo()) as connection:
        return connection.execute(question.encode()).fetchall()


def tell(running: RunningPostgres, statement: str) -> None:
    with psycopg.connect(running.conninfo()) as connection:
        connection.execute(statement.encode())


def runs(data_dir: Path) -> bool:
    return find_postmaster(data_dir / "pgdata") is not None


def kill(running: RunningPostgres, data_dir: Path) -> None:
    os.kill(running.pid, signal.SIGKILL)
    assert wait_until(lambda: not serves(running.pid, data_dir / "pgdata"), 5)


def blame(running: RunningPostgres, data_dir: Path, pid: int) -> None:
    lock = running.socket_dir / f".s.PGSQL.{running.port}.lock"
    for file in (data_dir / "pgdata" / "postmaster.pid", lock):
        file.write_text("\n".join([str(pid), *file.read_text().splitlines()[1:], ""]))


class Writer:
    """Inserts numbers as fast as it can and remembers which of them were acknowledged."""

    def __init__(self, running: RunningPostgres) -> None:
        self.acknowledged: list[int] = []
        self._enough = Event()
        self._running = running
        self._thread = Thread(target=self._write)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._enough.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(10)

    def _write(self) -> None:
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(self._running.conninfo(), autocommit=True) as connection,
        ):
            for number in range(1_000_000):
                connection.execute("INSERT INTO kept VALUES (%s)", [number])
                self.acknowledged.append(number)
                if number == 500:
                    self._enough.set()


def user_processes(
    data_dir: Path, binaries: Path, number: int = 1
) -> "list[subprocess.Popen[str]]":
    argv = [sys.executable, "-m", "tests.casefile.embedded.user", str(data_dir), str(binaries)]
    started = [
        subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(number)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return started


def end(process: "subprocess.Popen[str]", how: signal.Signals) -> int:
    process.send_signal(how)
    process.communicate(timeout=20)
    return process.returncode
