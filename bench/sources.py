"""Casefile as a source of messages, over the feed or over Kafka, and the consumer that reads it; as processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.feed_worker import TOKEN
from bench.http import free_port, wait_ready
from services.casefile.embedded import Provisioned
from tests.kafka import running

ROOT = Path(__file__).parents[1]


@contextmanager
def feed(owned: Provisioned, folder: Path) -> Iterator[dict[str, str]]:
    port, log = free_port(), folder / "api.log"
    command = [sys.executable, "-m", "bench.feed_worker", owned.app, owned.keyring_app]
    with process([*command, str(folder), str(port)], log) as api:
        wait_ready(port, api, log)
        yield {
            "NOTIFICATIONS_SOURCE": "feed",
            "NOTIFICATIONS_CASEFILE_URL": f"http://127.0.0.1:{port}",
            "NOTIFICATIONS_CASEFILE_TOKEN": TOKEN,
        }


@contextmanager
def topic(owned: Provisioned, folder: Path) -> Iterator[dict[str, str]]:
    with running("real", folder / "kafka") as kafka:
        name = kafka.topic(12)
        setup = {"database": owned.app, "bootstrap": kafka.bootstrap, "topic": name}
        orders = {"setup": setup, "point": "", "nth": 1, "most": 2_000}
        told = json.dumps(orders).encode()
        with process([sys.executable, "-m", "tests.bus.relay_worker"], folder / "relay.log", told):
            yield {
                "NOTIFICATIONS_SOURCE": "kafka",
                "NOTIFICATIONS_KAFKA_BOOTSTRAP": kafka.bootstrap,
                "NOTIFICATIONS_TOPIC": name,
            }


@contextmanager
def consuming(settings: dict[str, str], folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "services.notifications", "consume"]
    with process(command, folder / "consume.log", settings=settings):
        yield


@contextmanager
def process(
    command: list[str], log: Path, told: bytes = b"", settings: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | (settings or {})
    with log.open("wb") as lines:
        started = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=lines, stderr=lines, env=environment
        )
    assert started.stdin is not None
    started.stdin.write(told)
    started.stdin.close()
    try:
        yield started
    finally:
        started.terminate()
        started.wait(20)
