"""Kafka is away when the relay starts, and again in the middle: it says so, waits, and catches up."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bus.relays import faults, fill, reaches, setup
from tests.bus.test_relay_command import environment, of
from tests.casefile.cli.processes import waited
from tests.kafka import Kafka
from tests.servers import Database

pytestmark = pytest.mark.process

AWAY = "KafkaAway: Kafka does not answer, or does not let us in."
# In the short form until it has said so; five minutes are what an upgrade of a cluster may take.
OUTAGES = [0, pytest.param(300, marks=pytest.mark.slow)]

__all__ = ["environment"]


class Started:
    """`casefile relay`, and what it has said."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path) -> None:
        self.process, self._said = process, said

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._said.read_text().splitlines()]

    def says_away(self, after: int) -> bool:
        return any(line.get("reason") == AWAY for line in self.lines()[after:])


@contextmanager
def started(environment: dict[str, str], said: Path) -> Iterator[Started]:
    command = [sys.executable, "-m", "services.casefile", "relay"]
    with said.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stderr=output)
    try:
        yield Started(process, said)
    finally:
        process.kill()
        process.wait(60)


@pytest.mark.parametrize("seconds", OUTAGES)
def test_kafka_may_be_away_for_minutes_at_the_start_and_in_the_middle(
    database: Database,
    real_kafka: Kafka,
    environment: dict[str, str],
    tmp_path: Path,
    seconds: float,
):
    mine = setup(database, real_kafka)
    real_kafka.kill()
    with started(of(mine, environment), tmp_path / "said") as relay:
        first = fill(database)
        away(relay, 0, seconds)
        real_kafka.start()
        reaches(mine, first)

        before = len(relay.lines())
        real_kafka.kill()
        second = fill(database, seed=2)
        away(relay, before, seconds)
        real_kafka.start()
        reaches(mine, second)
        relay.process.send_signal(signal.SIGTERM)
        assert relay.process.wait(60) == 0

    assert faults(real_kafka, mine) == {}
    ours = [line for line in relay.lines() if line["event"].startswith("relay_")]
    assert {line["level"] for line in ours} == {"info", "warning"}
    assert [line["event"] for line in ours].count("relay_began") >= 2


def away(relay: Started, after: int, seconds: float) -> None:
    """It lasts as long as asked for, and until the relay has noticed; it does not end of it."""
    threading.Event().wait(seconds)
    waited(lambda: relay.says_away(after))
    assert relay.process.poll() is None
