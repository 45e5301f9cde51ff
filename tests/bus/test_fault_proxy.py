"""The proxy that other tests trust to fail what they name, and nothing else."""

import time

import pytest
from kafka.errors import KafkaError

from tests.bus.clients import produced, producer, read
from tests.fault_proxy import FaultProxy
from tests.faults import ApiKey, cut, delayed, drop
from tests.kafka import Kafka


def test_without_a_fault_everything_arrives(kafka: Kafka, fault_proxy: FaultProxy):
    topic = kafka.topic()

    produced(kafka, topic, b"a", b"b", proxy_url=fault_proxy.url)

    assert read(kafka, topic, proxy_url=fault_proxy.url) == [b"a", b"b"]


def test_a_dropped_request_never_reached_kafka(kafka: Kafka, fault_proxy: FaultProxy):
    topic = kafka.topic()
    fault = fault_proxy.on_request(ApiKey.PRODUCE, drop)

    with producer(kafka, proxy_url=fault_proxy.url) as client:
        future = client.send(topic, b"a")
        fault.wait()

        assert read(kafka, topic) == []
        assert not future.is_done


def test_what_was_answered_by_a_dropped_answer_is_on_the_topic_once(
    kafka: Kafka, fault_proxy: FaultProxy
):
    topic = kafka.topic()
    fault = fault_proxy.on_answer(ApiKey.PRODUCE, drop)

    with producer(kafka, proxy_url=fault_proxy.url, request_timeout_ms=1000) as client:
        future = client.send(topic, b"a")
        fault.wait()
        before_the_second_try = read(kafka, topic)
        future.get(20)

    assert before_the_second_try == read(kafka, topic) == [b"a"]


def test_only_the_request_of_that_number_fails(kafka: Kafka, fault_proxy: FaultProxy):
    topic = kafka.topic()
    fault = fault_proxy.on_request(ApiKey.PRODUCE, cut, nth=2)

    with producer(kafka, proxy_url=fault_proxy.url) as client:
        client.send(topic, b"first").get(20)
        assert fault.seen == 1
        client.send(topic, b"second").get(20)

    assert fault.seen == 3
    assert read(kafka, topic) == [b"first", b"second"]


def test_a_delayed_request_arrives_all_the_same(kafka: Kafka, fault_proxy: FaultProxy):
    topic = kafka.topic()
    fault_proxy.on_request(ApiKey.PRODUCE, delayed(0.3))

    with producer(kafka, proxy_url=fault_proxy.url) as client:
        started = time.monotonic()
        client.send(topic, b"a").get(20)

    assert time.monotonic() - started >= 0.3
    assert read(kafka, topic) == [b"a"]


def test_while_it_is_down_nobody_gets_through_and_afterwards_everybody_does(
    kafka: Kafka, fault_proxy: FaultProxy
):
    topic = kafka.topic()

    with producer(kafka, proxy_url=fault_proxy.url) as client:
        client.send(topic, b"a").get(20)
        fault_proxy.go_down()
        future = client.send(topic, b"b")
        with (
            pytest.raises(KafkaError),
            producer(kafka, proxy_url=fault_proxy.url, bootstrap_timeout_ms=500),
        ):
            pass
        fault_proxy.heal()
        future.get(20)

    assert read(kafka, topic) == [b"a", b"b"]
