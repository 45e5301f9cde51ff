"""A subscriber's five minutes: the consumers of the page, run as they stand, and a stranger's client."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bus.relays import Setup, expected, fill, reaches, running, setup
from tests.casefile.api.calling import token
from tests.casefile.api.served import served
from tests.docs.listed import ROOT, blocks, links
from tests.kafka import Kafka
from tests.servers import Database

PAGE = ROOT / "docs" / "subscribe.md"
TEXT = PAGE.read_text()
FROM_KAFKA, FROM_FEED = blocks(TEXT, "python")
WITH_KCAT, AS_STREAM = blocks(TEXT, "sh")
VISIT = b"casefile.home-visit-made.v1"

pytestmark = pytest.mark.process


@contextmanager
def started(command: list[str], folder: Path, **environment: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        command, cwd=folder, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)
        process.stdout.close()


def script(text: str, folder: Path) -> list[str]:
    path = folder / "consumer.py"
    path.write_text(text)
    return [sys.executable, str(path)]


def visits(mine: Setup) -> list[str]:
    return [record.key.decode() for record in expected(mine) if is_visit(record)]


def is_visit(record) -> bool:
    return dict(record.headers)["ce_type"] == VISIT


def lines(process: subprocess.Popen, count: int) -> list[str]:
    return [process.stdout.readline().split()[0].removeprefix("case/") for _ in range(count)]


@pytest.fixture
def relayed(database: Database, kafka: Kafka) -> Setup:
    mine = setup(database, kafka)
    with running(mine):
        reaches(mine, fill(database))
    return mine


def test_the_consumers_are_as_short_as_promised():
    for text in (FROM_KAFKA, FROM_FEED):
        assert len(text.splitlines()) <= 24
    assert all((PAGE.parent / link).exists() for link in links(TEXT))


def test_the_consumer_of_kafka_sees_every_visit_once(relayed: Setup, tmp_path: Path):
    wanted = visits(relayed)
    given = {"KAFKA": relayed.bootstrap, "TOPIC": relayed.topic}

    with started(script(FROM_KAFKA, tmp_path), tmp_path, **given) as process:
        found = lines(process, len(wanted))

    assert sorted(found) == sorted(wanted)
    assert len(wanted) > 5


def test_the_consumer_of_the_feed_goes_on_where_it_was(database: Database, tmp_path: Path):
    fill(database)
    mine = Setup(database.app, "", "")
    first = visits(mine)
    folder = tmp_path / "consumer"
    folder.mkdir()
    with served(database, tmp_path) as api:
        given = {"BASE": f"http://127.0.0.1:{api.port}", "TOKEN": token("service")}
        with started(script(FROM_FEED, folder), folder, **given) as process:
            found = lines(process, len(first))
            fill(database, seed=2)
            found += lines(process, len(visits(mine)) - len(first))

    assert found == visits(mine)
    assert len(first) > 5


def test_curl_is_told_as_a_stream(database: Database, tmp_path: Path):
    fill(database, children=1, days=5)
    with served(database, tmp_path) as api:
        given = {"BASE": f"http://127.0.0.1:{api.port}", "TOKEN": token("service")}
        with started(["sh", "-c", f"exec {AS_STREAM}"], tmp_path, **given) as process:
            assert process.stdout.readline() == "id: 1\n"
            assert process.stdout.readline().startswith('data: {"specversion":"1.0"')


@pytest.mark.skipif(shutil.which("kcat") is None, reason="kcat: bash deploy/debian-packages.sh")
def test_a_client_that_nobody_here_wrote_reads_the_same(relayed: Setup, tmp_path: Path):
    given = {"KAFKA": relayed.bootstrap, "TOPIC": relayed.topic}

    with started(["sh", "-c", WITH_KCAT], tmp_path, **given) as process:
        found = process.stdout.read().splitlines()

    assert sorted(found) == sorted(as_kcat_shows(record) for record in expected(relayed))


def as_kcat_shows(record) -> str:
    headers = ",".join(f"{name}={value.decode()}" for name, value in record.headers)
    return f"{record.key.decode()} {headers} {record.value.decode()}"
