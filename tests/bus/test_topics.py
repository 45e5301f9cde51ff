"""`casefile topics apply` makes the cluster what the file declares, and never parts a child's messages."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from kafka.admin import ConfigResource

from tests.bus.applying import apply, declared
from tests.bus.clients import produced, read
from tests.docs.listed import ROOT
from tests.kafka import Kafka

SHIPPED = ROOT / "deploy" / "kafka" / "topics.yaml"


@pytest.fixture(autouse=True)
def configured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    if "kafka" in request.fixturenames:
        bootstrap = request.getfixturevalue("kafka").bootstrap
        monkeypatch.setenv("CASEFILE_KAFKA_BOOTSTRAP", bootstrap)


@pytest.fixture
def name() -> str:
    return f"test.{uuid4().hex}"


def settings(kafka: Kafka, name: str) -> dict[str, str]:
    with kafka.admin() as admin:
        found = admin.describe_configs([ConfigResource("TOPIC", name)])["topic"][name]
    return {
        key: entry["value"]
        for key, entry in found.items()
        if entry["config_source"] == "DYNAMIC_TOPIC_CONFIG"
    }


def partitions(kafka: Kafka, name: str) -> int:
    with kafka.admin() as admin:
        return len(admin.describe_topics([name])[0]["partitions"])


def names(kafka: Kafka) -> set[str]:
    with kafka.admin() as admin:
        return set(admin.list_topics())


def test_what_is_missing_is_created_as_declared(kafka: Kafka, tmp_path: Path, name: str):
    file = declared(tmp_path, name, retention_ms=-1, unclean_leader_election_enable=False)

    done = apply("--file", file)

    assert done.exit_code == 0, done.output
    assert partitions(kafka, name) == 3
    assert settings(kafka, name) == {
        "retention.ms": "-1",
        "unclean.leader.election.enable": "false",
    }


def test_a_dry_run_shows_everything_and_changes_nothing(kafka: Kafka, tmp_path: Path, name: str):
    done = apply("--file", declared(tmp_path, name, retention_ms=-1), "--dry-run")

    assert done.exit_code == 0
    assert name in done.stdout
    assert "retention.ms" in done.stdout
    assert name not in names(kafka)


def test_applied_again_it_has_nothing_to_do(kafka: Kafka, tmp_path: Path, name: str):
    file = declared(tmp_path, name, retention_ms=-1)
    apply("--file", file)

    again = apply("--file", file, "--json")

    assert again.exit_code == 0
    assert json.loads(again.stdout) == []


def test_a_setting_that_differs_is_set_and_one_that_is_not_declared_stays(
    kafka: Kafka, tmp_path: Path, name: str
):
    apply("--file", declared(tmp_path, name, retention_ms=1000, segment_ms=60_000))

    done = apply("--file", declared(tmp_path, name, retention_ms=2000), "--json")

    assert [(step["now"], step["then"]) for step in json.loads(done.stdout)] == [("1000", "2000")]
    assert settings(kafka, name) == {"retention.ms": "2000", "segment.ms": "60000"}


@pytest.mark.parametrize("wanted", [1, 12])
def test_other_partitions_are_refused_and_nothing_else_is_done_either(
    kafka: Kafka, tmp_path: Path, name: str, wanted: int
):
    apply("--file", declared(tmp_path, name, retention_ms=1000))
    produced(kafka, name, b"kept")

    done = apply("--file", declared(tmp_path, name, wanted, retention_ms=2000))

    assert done.exit_code == 1
    assert f"{name}: partitions 3, declared {wanted}" in done.output
    assert partitions(kafka, name) == 3
    assert settings(kafka, name) == {"retention.ms": "1000"}
    assert read(kafka, name) == [b"kept"]


def test_other_replicas_are_refused(kafka: Kafka, tmp_path: Path, name: str):
    apply("--file", declared(tmp_path, name))

    done = apply("--file", declared(tmp_path, name, replication=3))

    assert done.exit_code == 1
    assert f"{name}: replicas 1, declared 3" in done.output


def test_what_the_cluster_cannot_hold_is_refused_in_the_dry_run_already(
    real_kafka: Kafka, tmp_path: Path, name: str
):
    done = apply("--file", declared(tmp_path, name, replication=3), "--dry-run")

    assert done.exit_code == 1
    assert "--replicas 1" in done.output


def test_a_setting_that_kafka_does_not_know_is_refused_before_anything_changes(
    real_kafka: Kafka, tmp_path: Path, name: str
):
    apply("--file", declared(tmp_path, name, retention_ms=1000))

    done = apply("--file", declared(tmp_path, name, retention_ms=2000, no_such_thing=1))

    assert done.exit_code == 1
    assert "no.such.thing" in done.output
    assert settings(real_kafka, name) == {"retention.ms": "1000"}


def test_a_value_that_kafka_does_not_take_is_refused_before_anything_changes(
    real_kafka: Kafka, tmp_path: Path, name: str
):
    apply("--file", declared(tmp_path, name, retention_ms=1000))

    done = apply("--file", declared(tmp_path, name, retention_ms=2000, cleanup_policy="forget"))

    assert done.exit_code == 1
    assert "Done" not in done.output
    assert settings(real_kafka, name) == {"retention.ms": "1000"}


def test_the_shipped_topics_fit_a_single_node_and_stay_as_they_are(kafka: Kafka):
    first = apply("--file", SHIPPED, "--replicas", 1)

    again = apply("--file", SHIPPED, "--replicas", 1, "--json")

    assert first.exit_code == 0, first.output
    assert json.loads(again.stdout) == []
    assert partitions(kafka, "casefile.events.v1") == 12
    assert settings(kafka, "casefile.events.v1")["min.insync.replicas"] == "1"
    assert settings(kafka, "casefile.events.v1")["retention.ms"] == "-1"


def test_the_shipped_topics_fit_three_nodes(kafka_three: Kafka, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CASEFILE_KAFKA_BOOTSTRAP", kafka_three.bootstrap)

    done = apply("--file", SHIPPED)

    assert done.exit_code == 0, done.output
    assert settings(kafka_three, "casefile.events.v1")["min.insync.replicas"] == "2"
