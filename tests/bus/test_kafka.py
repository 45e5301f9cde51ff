"""The broker that the tests run on: what it keeps when it is stopped, killed, or loses a node."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from kafka import KafkaConsumer
from kafka.errors import KafkaError
from kafka.partitioner import murmur2

from deploy.kafka import jars
from deploy.kafka.broker import Cluster
from deploy.kafka.node import NodeFailed
from tests.bus.clients import READ_COMMITTED, produced, producer, read, transactional
from tests.bus.commits import commit_within, guard
from tests.docs.listed import ROOT
from tests.kafka import Kafka


def broker(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.kafka.broker", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )


def test_what_was_acknowledged_is_there_after_the_broker_was_killed(real_kafka: Kafka):
    topic = real_kafka.topic()
    produced(real_kafka, topic, b"a", b"b")

    real_kafka.kill()
    real_kafka.start()

    assert read(real_kafka, topic) == [b"a", b"b"]


def test_a_broker_that_does_not_format_says_why(real_kafka: Kafka, tmp_path: Path):
    cluster = Cluster.at(tmp_path)
    (tmp_path / "n1").mkdir()
    (tmp_path / "n1" / "data").write_text("in the way")

    with pytest.raises(NodeFailed, match="directory"):
        cluster.start()


def test_what_is_not_there_cannot_be_stopped(tmp_path: Path):
    done = broker("stop", tmp_path)

    assert done.returncode == 1
    assert "no cluster" in done.stderr


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    jars.java.cache_clear()

    with pytest.raises(jars.KafkaUnavailable, match="java"):
        jars.resolved(tmp_path)

    jars.java.cache_clear()


def test_without_maven_it_says_so(
    real_kafka: Kafka, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    java = jars.java()
    monkeypatch.setattr(shutil, "which", lambda name: java if name == "java" else None)

    with pytest.raises(jars.KafkaUnavailable, match="mvn"):
        jars.resolved(tmp_path)


def test_keys_are_put_where_the_java_client_puts_them():
    """Kafka's own test values: every client must send a child to the same partition."""
    known = {
        b"21": -973932308,
        b"foobar": -790332482,
        b"a-little-bit-long-string": -985981536,
        b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    }

    assert {key: murmur2(key) - (1 << 32) for key in known} == known


@pytest.mark.kafka
def test_a_consumer_that_finds_nobody_leaves_its_thread_behind():
    """So whoever tries again and again asks first whether anybody listens."""
    before = set(threading.enumerate())

    with pytest.raises(KafkaError):
        KafkaConsumer(bootstrap_servers="127.0.0.1:1", bootstrap_timeout_ms=200)

    assert [t.name.split("-")[1] for t in set(threading.enumerate()) - before] == ["io"]


def test_three_nodes_lose_one_and_nothing_that_was_acknowledged(kafka_three: Kafka):
    topic = kafka_three.topic(partitions=3, replicas=3, min_insync_replicas=2)
    values = [str(n).encode() for n in range(300)]

    with producer(kafka_three, retries=100, delivery_timeout_ms=60_000) as client:
        futures = [client.send(topic, value) for value in values[:100]]
        kafka_three.cluster.nodes[0].kill()
        futures += [client.send(topic, value) for value in values[100:]]
        for future in futures:
            future.get(90)

    assert sorted(read(kafka_three, topic), key=int) == values


def test_a_transaction_outlives_the_coordinator_or_is_undone(kafka_three: Kafka):
    topic = kafka_three.topic(partitions=3, replicas=3, min_insync_replicas=2)
    with transactional(kafka_three, topic, max_block_ms=60_000) as client:
        guard(client)
        client.begin_transaction()
        client.send(topic, b"a", partition=0).get(30)
        kafka_three.cluster.nodes[1].kill()
        try:
            committed = commit_within(client, 15_000)
        except KafkaError:
            committed = False

    with transactional(kafka_three, topic, max_block_ms=60_000):
        found = read(kafka_three, topic, **READ_COMMITTED)

    assert found == [b"a"] if committed else found in ([], [b"a"])
