"""What came of each attempt, on a real Kafka: in order for each person, without words, and not lost with the broker."""

import json

import pytest

from services.notifications.delivering.results import TYPE, KafkaResults
from tests.bus.clients import READ_COMMITTED, records
from tests.kafka import Kafka
from tests.notifications.delivering.office import Office, Recording, refusal

pytestmark = [pytest.mark.kafka]


def test_every_line_of_the_ledger_is_on_the_topic_once_in_the_order_of_attempts(
    office: Office, kafka: Kafka
) -> None:
    topic = kafka.topic(3)
    publisher = KafkaResults({"bootstrap_servers": kafka.bootstrap}, topic)
    office.publisher = publisher
    office.person("t-1", "smtp")
    office.notice("t-1")
    try:
        office.run_all(Recording("smtp", refusal(), None))
    finally:
        publisher.close()

    found = records(kafka, topic, **READ_COMMITTED)
    said = [json.loads(record.value) for record in found]
    assert [(each["channel"], each["outcome"]) for each in sorted(said, key=by_line)] == [
        ("in_app", "delivered"), ("smtp", "failed"), ("smtp", "delivered"),
    ]  # fmt: skip
    assert {record.key for record in found} == {b"t-1"}
    assert len({record.partition for record in found}) == 1
    headers = [dict(record.headers) for record in found]
    assert {each["ce_type"].decode() for each in headers} == {TYPE}
    assert len({each["ce_id"] for each in headers}) == 3
    assert not any(word in str(said) for word in ("title", "body", "@smtp"))


def test_while_the_broker_is_away_results_wait_and_then_all_of_them_are_there(
    office: Office, real_kafka: Kafka
) -> None:
    topic = real_kafka.topic(1)
    client = {"bootstrap_servers": real_kafka.bootstrap}
    publisher = KafkaResults(client, topic, seconds=2.0)
    office.publisher = publisher
    office.person("t-1", "smtp")
    office.notice("t-1")
    real_kafka.kill()
    try:
        mail = Recording("smtp")
        office.run(mail)
        assert len(mail.sent) == 1, "nobody waits for the topic"
        waiting = [job["task_name"] for job in office.waiting_jobs()]
        assert waiting == ["notifications.publish"] * 2
        real_kafka.start()
        office.run_all(mail)
    finally:
        real_kafka.start()
        publisher.close()

    # A result that was given up too early is published again, under the same id.
    found = {dict(r.headers)["ce_id"] for r in records(real_kafka, topic, **READ_COMMITTED)}
    assert len(found) == 2


def by_line(said: dict[str, int]) -> int:
    return said["id"]
