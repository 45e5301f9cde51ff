"""What `casefile topics apply` refuses before it has spoken to any Kafka."""

from pathlib import Path

import pytest

from services.casefile.cli import topic_admin
from tests.bus.applying import apply, declared

NAME = "test.refused"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("CASEFILE_KAFKA_BOOTSTRAP", raising=False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("topics: [", "line"),
        ("topics: {}", "topics"),
        ("topics: {a: {partitions: 0, replication: 1}}", "partitions"),
        ("topics: {a: {partitions: many, replication: 1}}", "partitions"),
        ("topics: {a: {partitions: 1, replication: 1, retention: 1}}", "retention"),
        ("topics: {a: {partitions: 1}}", "replication"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
):
    monkeypatch.setenv("CASEFILE_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    file = tmp_path / "topics.yaml"
    file.write_text(text)

    done = apply("--file", file)

    assert done.exit_code == 1
    assert told in done.output
    assert "Traceback" not in done.output


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    done = apply("--file", tmp_path / "none.yaml")

    assert done.exit_code == 1
    assert "none.yaml" in done.output


def test_without_an_address_it_says_which_setting_is_missing(tmp_path: Path):
    done = apply("--file", declared(tmp_path, NAME))

    assert done.exit_code == 1
    assert "CASEFILE_KAFKA_BOOTSTRAP" in done.output


@pytest.mark.kafka
def test_a_kafka_that_is_not_there_is_told_with_what_to_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(topic_admin, "PATIENCE_MS", 300)
    monkeypatch.setenv("CASEFILE_KAFKA_BOOTSTRAP", "127.0.0.1:1")

    done = apply("--file", declared(tmp_path, NAME))

    assert done.exit_code == 1
    assert "Kafka does not answer" in done.output
    assert "CASEFILE_KAFKA_SSL_" in done.output


@pytest.mark.parametrize(
    "address", ["kafka.example", "kafka.example:", "a:9092,", "a:9092, b:9092"]
)
def test_an_address_that_cannot_be_one_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setenv("CASEFILE_KAFKA_BOOTSTRAP", address)

    done = apply("--file", declared(tmp_path, NAME))

    assert done.exit_code == 2
    assert "CASEFILE_KAFKA_BOOTSTRAP" in done.output
