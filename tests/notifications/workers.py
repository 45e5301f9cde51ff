"""Several consumers at once, killed at random while they work; and what came of the messages."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from services.notifications.state.connections import Connection

PATIENCE = 120.0
TABLE = """
CREATE TABLE IF NOT EXISTS effects (
    id bigint GENERATED ALWAYS AS IDENTITY, message_id text, stream_id uuid, version bigint
)
"""


def wait_until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


@dataclass
class Workers:
    """All of them with the same orders."""

    orders: dict[str, Any]
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    starts: int = 0

    def start(self, number: int) -> None:
        for _ in range(number):
            self.processes.append(self._started())

    def kill_one(self, dice: random.Random) -> None:
        """As by a power cut; another one takes its place."""
        place = dice.randrange(len(self.processes))
        self.processes[place].kill()
        self.processes[place].wait()
        self.processes[place] = self._started()

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        command = [sys.executable, "-m", "tests.notifications.consuming.worker"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=log, stdout=log)
        assert process.stdin is not None
        with process.stdin as orders:
            orders.write(json.dumps(self.orders).encode() + b"\n")
        return process


@contextmanager
def working(number: int, orders: dict[str, Any], log: Path) -> Iterator[Workers]:
    workers = Workers({"careless": False, "limit": 10, **orders}, log)
    workers.start(number)
    try:
        yield workers
    finally:
        workers.stop()


@dataclass
class Effects:
    """What the messages did, with the test's own eyes."""

    connection: Connection

    def __post_init__(self) -> None:
        # As the schema's own search path has it: the workers find it without a schema.
        self.connection.execute(TABLE)

    def count(self) -> int:
        return self._number("SELECT count(*) FROM effects")

    def read(self) -> int:
        return self._number("SELECT coalesce(sum(next_offset), 0) FROM notifications.offsets")

    def twice(self) -> int:
        return self._number("SELECT count(*) - count(DISTINCT message_id) FROM effects")

    def out_of_order(self) -> int:
        seen: dict[UUID, int] = {}
        wrong = 0
        for stream, version in self.connection.execute(
            "SELECT stream_id, version FROM effects ORDER BY id"
        ):
            wrong += version != seen.get(stream, 0) + 1
            seen[stream] = version
        return wrong

    def outcomes(self) -> Counter[str]:
        query = "SELECT outcome, count(*) FROM notifications.inbox GROUP BY outcome"
        return Counter(dict(self.connection.execute(query)))  # type: ignore[arg-type]

    def notices(self) -> int:
        return self._number("SELECT count(*) FROM notifications.notices")

    def _number(self, query: str) -> int:
        row = self.connection.execute(query.encode()).fetchone()
        assert row is not None
        return int(row[0])


def killed_while_working(workers: Workers, effects: Effects, whole: int, kills: int) -> None:
    """Spread over the work, whatever the machine's speed."""
    dice = random.Random(7)
    for turn in range(1, kills + 1):
        at = min(whole * turn // (kills + 1), whole)
        wait_until(lambda at=at: effects.count() >= at)  # type: ignore[misc]
        workers.kill_one(dice)
