"""The faults of the client and of the network, injected: the relay throws its term away and goes on."""

import threading
from contextlib import suppress
from typing import Any

import pytest
from kafka.errors import KafkaError

from services.casefile.relaying import term, transaction
from services.casefile.relaying.errors import OutcomeUnknown
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from services.casefile.relaying.watchdog import Watchdog
from tests.bus.clients import READ_COMMITTED, read
from tests.bus.commits import INVALID_EPOCH, OUT_OF_ORDER, UNKNOWN_PRODUCER, refused_with
from tests.bus.controls import Unguarded
from tests.bus.relays import (
    Setup,
    client,
    expected,
    faults,
    fill,
    reaches,
    running,
    setup,
)
from tests.fault_proxy import FaultProxy
from tests.faults import ApiKey, cut, drop
from tests.kafka import Kafka
from tests.servers import Database

SILENT = [OUT_OF_ORDER, INVALID_EPOCH, UNKNOWN_PRODUCER]
PATHS = [ApiKey.PRODUCE, ApiKey.END_TXN, ApiKey.ADD_PARTITIONS_TO_TXN, ApiKey.INIT_PRODUCER_ID]
IMPATIENT = {"request_timeout_ms": 600, "reconnect_backoff_max_ms": 200}


def through(proxy: FaultProxy, database: Database, kafka: Kafka, **options: Any) -> Setup:
    return setup(database, kafka, client={"proxy_url": proxy.url, **IMPATIENT, **options})


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(term, "MOST", 20)


@pytest.mark.parametrize("action", [drop, cut])
def test_requests_and_answers_that_are_lost_cost_time_only(
    database: Database, kafka: Kafka, fault_proxy: FaultProxy, small_batches: None, action: Any
):
    target, mine = fill(database), through(fault_proxy, database, kafka)
    for api in PATHS:
        fault_proxy.on_request(api, action, nth=1)
        fault_proxy.on_answer(api, action, nth=3 if api is not ApiKey.INIT_PRODUCER_ID else 1)

    with running(mine):
        reaches(mine, target)

    assert faults(kafka, mine) == {}


@pytest.mark.parametrize("code", SILENT)
def test_what_the_client_calls_committed_and_is_not_is_published_after_all(
    database: Database, kafka: Kafka, fault_proxy: FaultProxy, small_batches: None, code: int
):
    target, mine = fill(database), through(fault_proxy, database, kafka)
    fault = fault_proxy.on_answer(ApiKey.PRODUCE, refused_with(code), nth=3)

    with running(mine):
        reaches(mine, target)

    fault.wait()
    assert faults(kafka, mine) == {}


@pytest.mark.parametrize("code", SILENT)
def test_without_guard_and_look_the_same_is_lost(
    database: Database, real_kafka: Kafka, fault_proxy: FaultProxy, code: int
):
    """The control: the same refusal, once with ours and once without."""
    fill(database, children=1, days=5)
    mine = through(fault_proxy, database, real_kafka)
    records = expected(mine)
    fault_proxy.on_answer(ApiKey.PRODUCE, refused_with(code), times=1_000)

    with pytest.raises(KafkaError):
        published(KafkaPublisher, mine, records)
    published(Unguarded, mine, records)

    assert read(real_kafka, mine.topic, **READ_COMMITTED) == []


def published(kind: type[KafkaPublisher], mine: Setup, records: list[Any]) -> None:
    publisher = kind(client(mine), mine.topic, mine.topic, mine.limit)
    try:
        publisher.publish(records).settle()
    finally:
        publisher.close()


def test_a_commit_that_never_comes_back_ends_the_term(
    database: Database,
    kafka: Kafka,
    fault_proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(transaction, "COMMIT_MS", 500)
    fill(database, children=1, days=5)
    mine = through(fault_proxy, database, kafka)

    def reached(step: str) -> None:
        if step == "sent":
            fault_proxy.go_down()

    publisher = KafkaPublisher(client(mine), mine.topic, mine.topic, mine.limit, reached)
    with pytest.raises((OutcomeUnknown, KafkaError)):
        publisher.publish(expected(mine)).settle()
    publisher.close()

    assert not publisher._producer._sender.is_alive()


def test_while_kafka_does_not_answer_one_batch_is_in_memory_and_no_more(
    database: Database,
    kafka: Kafka,
    fault_proxy: FaultProxy,
    small_batches: None,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(transaction, "COMMIT_MS", 1_000)
    sent: list[int] = []

    class Counting(KafkaPublisher):
        def publish(self, records: Any) -> Any:
            sent.append(len(records))
            return super().publish(records)

        def close(self) -> None:
            sent.append(-1)
            super().close()

    target, mine = fill(database), through(fault_proxy, database, kafka)
    fault = fault_proxy.on_request(ApiKey.PRODUCE, drop, nth=3, times=8)
    with running(mine, Counting):
        fault.wait()
        reaches(mine, target)

    assert max(sent) == 20
    assert faults(kafka, mine) == {}


def test_kafka_may_be_away_at_the_start_and_in_the_middle(
    database: Database, kafka: Kafka, fault_proxy: FaultProxy
):
    mine = through(fault_proxy, database, kafka, bootstrap_timeout_ms=500)
    fault_proxy.go_down()
    with running(mine):
        first = fill(database)
        fault_proxy.heal()
        reaches(mine, first)
        fault_proxy.go_down()
        second = fill(database, seed=2)
        fault_proxy.heal()
        reaches(mine, second)

    assert faults(kafka, mine) == {}


def test_a_broker_that_is_killed_and_comes_back_has_everything(
    database: Database, real_kafka: Kafka
):
    mine = setup(database, real_kafka, client=IMPATIENT)
    with running(mine):
        reaches(mine, fill(database))
        real_kafka.kill()
        target = fill(database, seed=2)
        real_kafka.start()
        reaches(mine, target)

    assert faults(real_kafka, mine) == {}


def test_a_relay_that_is_stuck_is_ended():
    ended = threading.Event()
    dog = Watchdog(tick=0.01, end=ended.set)
    dog.start()

    assert ended.wait(20)


def test_a_relay_that_goes_on_is_left_alone():
    ended, never = threading.Event(), threading.Event()
    dog = Watchdog(tick=0.05, end=ended.set)
    dog.start()
    with suppress(AssertionError):
        for _ in range(60):
            dog.beat()
            never.wait(0.02)
    dog.close()

    assert not ended.is_set()
