"""What kafka-python's commit does on a real Kafka, with and without the relay's guard."""

import threading

import pytest
from kafka import KafkaProducer
from kafka.errors import KafkaError, OutOfOrderSequenceNumberError
from kafka.producer.sender import Sender
from kafka.producer.transaction_manager import TransactionManager
from kafka.version import __version__

from tests.bus.clients import READ_COMMITTED, producer, read, transactional
from tests.bus.commits import (
    INVALID_EPOCH,
    OUT_OF_ORDER,
    UNKNOWN_PRODUCER,
    commit_within,
    guard,
    refused_with,
)
from tests.casefile.cli.processes import waited
from tests.fault_proxy import FaultProxy
from tests.faults import ApiKey, drop
from tests.kafka import Kafka

SILENT = [OUT_OF_ORDER, INVALID_EPOCH, UNKNOWN_PRODUCER]
OUTAGES = 12
# Gives up soon and looks again soon; by default a client waits up to 30 s between two looks.
HASTY = {
    "request_timeout_ms": 500,
    "delivery_timeout_ms": 1000,
    "retry_backoff_ms": 50,
    "reconnect_backoff_max_ms": 200,
}


def test_the_pinned_client_has_what_the_guard_takes_hold_of():
    assert __version__ == "3.0.12"
    assert callable(TransactionManager._supports_epoch_bump)
    assert callable(TransactionManager.begin_commit)
    assert callable(Sender.wakeup)
    assert callable(Sender.force_close)


def test_a_transaction_that_commits_can_be_read(kafka: Kafka):
    topic = kafka.topic(partitions=2)

    with transactional(kafka, topic) as client:
        client.begin_transaction()
        for partition in (0, 1):
            client.send(topic, b"a", partition=partition)
        client.commit_transaction()

    assert read(kafka, topic, **READ_COMMITTED) == [b"a", b"a"]


@pytest.mark.parametrize("code", SILENT)
def test_without_the_guard_a_commit_can_say_yes_to_what_was_rolled_back(
    real_kafka: Kafka, fault_proxy: FaultProxy, code: int
):
    """The client's fault. Should this fail after an upgrade, the guard may go."""
    topic = real_kafka.topic(partitions=2)
    fault_proxy.on_answer(ApiKey.PRODUCE, refused_with(code), nth=2)

    with transactional(real_kafka, topic, proxy_url=fault_proxy.url) as client:
        client.begin_transaction()
        first = client.send(topic, b"first", partition=0)
        first.get(20)
        second = client.send(topic, b"second", partition=1)
        client.commit_transaction()

    assert read(real_kafka, topic, **READ_COMMITTED) == []
    assert first.succeeded()
    assert not second.succeeded()


@pytest.mark.parametrize("code", SILENT)
def test_with_the_guard_that_commit_raises(kafka: Kafka, fault_proxy: FaultProxy, code: int):
    topic = kafka.topic(partitions=2)
    fault_proxy.on_answer(ApiKey.PRODUCE, refused_with(code), nth=2)

    with transactional(kafka, topic, proxy_url=fault_proxy.url) as client:
        guard(client)
        client.begin_transaction()
        client.send(topic, b"first", partition=0).get(20)
        client.send(topic, b"second", partition=1)
        with pytest.raises(KafkaError):
            commit_within(client, 20_000)

    assert read(kafka, topic, **READ_COMMITTED) == []


def test_after_a_guarded_commit_failed_the_next_producer_writes_it_once(
    kafka: Kafka, fault_proxy: FaultProxy
):
    topic = kafka.topic()
    fault_proxy.on_answer(ApiKey.PRODUCE, refused_with(OUT_OF_ORDER))
    with transactional(kafka, topic, proxy_url=fault_proxy.url) as client:
        guard(client)
        client.begin_transaction()
        future = client.send(topic, b"a")
        with pytest.raises(KafkaError):
            commit_within(client, 20_000)
        assert isinstance(future.exception, OutOfOrderSequenceNumberError)

    with transactional(kafka, topic) as successor:
        guard(successor)
        successor.begin_transaction()
        successor.send(topic, b"a")
        assert commit_within(successor, 20_000)

    assert read(kafka, topic, **READ_COMMITTED) == [b"a"]


def test_a_commit_during_an_outage_may_never_end_not_even_when_kafka_is_back(
    kafka: Kafka, fault_proxy: FaultProxy, caplog: pytest.LogCaptureFixture
):
    """When its coordinator refuses the connection, the client forgets the request for good.

    It does not when the outage meets it while it waits or looks for the coordinator: then it
    asks again, and another outage has to come.
    """
    topic = kafka.topic()

    values = (b"%d" % outage for outage in range(OUTAGES))
    forgotten = next(v for v in values if is_forgotten(kafka, topic, v, fault_proxy, caplog))

    with transactional(kafka, topic):
        assert forgotten not in read(kafka, topic, **READ_COMMITTED)


def is_forgotten(
    kafka: Kafka,
    topic: str,
    value: bytes,
    fault_proxy: FaultProxy,
    caplog: pytest.LogCaptureFixture,
) -> bool:
    """Whether a commit is still waiting when its client has nothing to do any more."""
    caplog.clear()
    with transactional(kafka, topic, proxy_url=fault_proxy.url, **HASTY) as client:
        client.begin_transaction()
        client.send(topic, value).get(20)
        fault_proxy.go_down()
        committing = threading.Thread(target=client.commit_transaction, daemon=True)
        committing.start()
        waited(lambda: "trying to find a node to send a transactional request" in caplog.text)
        fault_proxy.heal()
        waited(lambda: is_idle(client))
        committing.join(1)
        return committing.is_alive()


def is_idle(client: KafkaProducer) -> bool:
    """It knows the coordinator again, and has nothing to ask of it."""
    manager = client._transaction_manager
    with manager._lock:
        busy = manager._pending_requests or manager.has_in_flight_transactional_request()
        return manager._transaction_coordinator is not None and not busy


def test_a_commit_with_an_end_comes_back_not_knowing(kafka: Kafka, fault_proxy: FaultProxy):
    topic = kafka.topic()

    with transactional(kafka, topic, proxy_url=fault_proxy.url, **HASTY) as client:
        client.begin_transaction()
        client.send(topic, b"a").get(20)
        fault_proxy.go_down()

        assert commit_within(client, 300) is False


def test_a_commit_whose_answer_was_lost_is_settled_by_the_successor(
    kafka: Kafka, fault_proxy: FaultProxy
):
    topic = kafka.topic()
    fault = fault_proxy.on_answer(ApiKey.END_TXN, drop)
    with transactional(kafka, topic, proxy_url=fault_proxy.url) as client:
        client.begin_transaction()
        client.send(topic, b"a")
        assert commit_within(client, 300) is False
        fault.wait()

    with transactional(kafka, topic):
        assert read(kafka, topic, **READ_COMMITTED) == [b"a"]


def test_a_commit_that_never_arrived_is_undone_by_the_successor(
    kafka: Kafka, fault_proxy: FaultProxy
):
    topic = kafka.topic()
    fault_proxy.on_request(ApiKey.END_TXN, drop)
    with transactional(kafka, topic, proxy_url=fault_proxy.url) as client:
        client.begin_transaction()
        client.send(topic, b"a")
        assert commit_within(client, 300) is False

    with transactional(kafka, topic) as successor:
        assert read(kafka, topic, **READ_COMMITTED) == []
        successor.begin_transaction()
        successor.send(topic, b"b")
        assert commit_within(successor, 20_000)

    assert read(kafka, topic, **READ_COMMITTED) == [b"b"]


def test_nothing_holds_a_sender_back_while_kafka_does_not_answer(
    kafka: Kafka, fault_proxy: FaultProxy
):
    """No limit on memory: the relay has to count what it sends."""
    topic = kafka.topic()

    with producer(kafka, proxy_url=fault_proxy.url) as client:
        client.send(topic, b"first").get(20)
        fault_proxy.on_request(ApiKey.PRODUCE, drop, times=1_000_000)
        futures = [client.send(topic, bytes(1024)) for _ in range(5_000)]

        assert "buffer_memory" not in client.config
        assert not any(future.is_done for future in futures)


def test_closing_gives_up_before_it_ends_the_thread_and_force_close_does_not(
    kafka: Kafka, fault_proxy: FaultProxy
):
    topic = kafka.topic()
    with producer(kafka, proxy_url=fault_proxy.url) as client:
        client.send(topic, b"first").get(20)
        fault_proxy.on_request(ApiKey.PRODUCE, drop, times=1_000_000)
        client.send(topic, b"never answered")

        with pytest.raises(KafkaError):
            client.close(timeout=0.1)
        assert client._sender.is_alive()

        client._sender.force_close()
        client._sender.join(20)
        assert not client._sender.is_alive()
