"""`casefile relay` as an operator starts it, stops it, and has something published again."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.casefile.composition import Secrets
from tests.bus.relays import Setup, faults, fill, position, reaches, setup
from tests.casefile.cli.processes import PATIENCE
from tests.kafka import Kafka
from tests.servers import Database

pytestmark = pytest.mark.process


@pytest.fixture
def environment(database: Database, kafka: Kafka, tmp_path: Path) -> dict[str, str]:
    Secrets(tmp_path / "secrets" / "kek.json", tmp_path / "secrets" / "blind-index.key").create()
    return os.environ | {
        "CASEFILE_STATE_DIR": str(tmp_path),
        "CASEFILE_DATABASE_URL": database.app,
        "CASEFILE_OWNER_DATABASE_URL": database.owner,
        "CASEFILE_KEYRING_URL": database.keyring_app,
        "CASEFILE_OWNER_KEYRING_URL": database.keyring_owner,
        "CASEFILE_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "CASEFILE_LOG_FORMAT": "json",
    }


def of(mine: Setup, environment: dict[str, str]) -> dict[str, str]:
    own = {"CASEFILE_KAFKA_TOPIC": mine.topic, "CASEFILE_KAFKA_TRANSACTIONAL_ID": mine.topic}
    return environment | own


def casefile(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.casefile", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@contextmanager
def started(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "services.casefile", "relay"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_publishes_until_it_is_told_to_stop(
    database: Database, kafka: Kafka, environment: dict[str, str]
):
    mine = setup(database, kafka)
    with started(of(mine, environment)) as process:
        reaches(mine, fill(database))
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)

    assert process.returncode == 0
    lines = [json.loads(line) for line in said.splitlines()]
    assert "relay_began" in [line["event"] for line in lines]
    assert {line["level"] for line in lines} == {"info"}
    assert faults(kafka, mine) == {}


def test_a_dry_run_shows_what_would_be_published_again_and_does_nothing(
    database: Database, kafka: Kafka, environment: dict[str, str]
):
    mine = setup(database, kafka)
    with started(of(mine, environment)):
        reaches(mine, fill(database, children=1))

    head = position(mine)
    tried = casefile(
        of(mine, environment), "relay", "republish", "--from", "3", "--dry-run", "--json"
    )
    refused = casefile(of(mine, environment), "relay", "republish", "--from", str(head + 2))

    assert tried.returncode == 0
    planned = json.loads(tried.stdout)
    assert (planned["first"], planned["last"], planned["events"]) == (3, head, head - 2)
    assert "dry run" in tried.stderr
    assert refused.returncode == 1
    assert "would leave events out" in refused.stderr
    assert position(mine) == head


def test_what_a_person_has_to_decide_ends_it_with_a_clear_word(
    database: Database, kafka: Kafka, environment: dict[str, str]
):
    mine = setup(database, kafka)
    with started(of(mine, environment)):
        reaches(mine, fill(database, children=1))
    other = of(mine, environment) | {"CASEFILE_KAFKA_MESSAGE_BYTES": "1024"}
    with kafka.admin() as admin:
        admin.delete_records(ends(kafka, mine))

    found = casefile(other, "relay")

    assert found.returncode == 1
    assert "The topic has lost messages" in found.stderr
    assert "casefile relay republish --from N" in found.stderr
    assert "Traceback" not in found.stderr


def ends(kafka: Kafka, mine: Setup) -> dict[object, int]:
    from kafka import TopicPartition

    from tests.bus.clients import consumer

    with consumer(kafka) as client:
        every = [TopicPartition(mine.topic, n) for n in client.partitions_for_topic(mine.topic)]
        return client.end_offsets(every)


def test_without_kafka_it_says_what_to_set(environment: dict[str, str]):
    del environment["CASEFILE_KAFKA_BOOTSTRAP"]

    found = casefile(environment, "relay")

    assert found.returncode == 1
    assert "CASEFILE_KAFKA_BOOTSTRAP" in found.stderr
