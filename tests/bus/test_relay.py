"""What is in the log is in the topic: every message once, in order, as the same bytes."""

import threading

import psycopg
import pytest

from services.casefile.relaying.errors import (
    EventUnreadable,
    Held,
    MessageTooLarge,
    NotRelayedYet,
    RepublishLeavesHole,
    TopicAhead,
    TopicBehind,
)
from services.casefile.relaying.republishing import ask, plan
from tests.bus import controls
from tests.bus.relays import (
    Setup,
    faults,
    fill,
    head,
    in_topic,
    position,
    reaches,
    relay,
    running,
    setup,
)
from tests.casefile.cli.processes import waited
from tests.kafka import Kafka
from tests.servers import Database

UNREADABLE = """
INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state)
VALUES (gen_random_uuid(), 1, 'SomethingNewer', '{}')
"""


def refused(mine: Setup) -> Held:
    """What the relay ends with."""
    with relay(mine) as one, pytest.raises(Held) as found:
        one.run(threading.Event())
    return found.value


def once(mine: Setup, target: int) -> None:
    with running(mine):
        reaches(mine, target)


def held(mine: Setup) -> str:
    with psycopg.connect(mine.database) as connection:
        return connection.execute("SELECT held FROM casefile.relay").fetchone()[0]


def test_the_whole_log_is_in_the_topic_and_what_comes_after(database: Database, kafka: Kafka):
    target, mine = fill(database), setup(database, kafka)

    with running(mine):
        reaches(mine, target)
        reaches(mine, fill(database, seed=2))

    assert faults(kafka, mine) == {}
    assert len(in_topic(kafka, mine)) > 300


def test_another_relay_goes_on_where_the_topic_ends(database: Database, kafka: Kafka):
    mine = setup(database, kafka)
    for seed in (1, 2, 3):
        once(mine, fill(database, children=4, seed=seed))

    assert faults(kafka, mine) == {}


def test_the_end_is_found_behind_many_transactions_that_were_rolled_back(
    database: Database, kafka: Kafka
):
    mine = setup(database, kafka, partitions=1)
    once(mine, fill(database, children=2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(controls.Trusting, "settle", lambda _: None)
        for _ in range(3):
            never_committed(mine)

    once(mine, fill(database, children=2, seed=2))

    assert faults(kafka, mine) == {}


def never_committed(mine: Setup) -> None:
    from services.casefile.relaying.kafka_publisher import KafkaPublisher
    from tests.bus.relays import client, expected

    publisher = KafkaPublisher(client(mine), mine.topic, mine.topic, mine.limit)
    try:
        publisher._producer.begin_transaction()
        for key, value, headers in expected(mine)[:20]:
            publisher._producer.send(mine.topic, key=key, value=value, headers=headers)
        publisher._producer.flush(20)
        publisher._producer.abort_transaction()
    finally:
        publisher.close()


def test_a_topic_that_has_lost_messages_is_not_written_to(database: Database, kafka: Kafka):
    mine = setup(database, kafka)
    once(mine, fill(database, children=2))
    with kafka.admin() as admin:
        admin.delete_topics([mine.topic])
        waited(lambda: mine.topic not in admin.list_topics())
        topic = {"num_partitions": 4, "replication_factor": 1}
        admin.create_topics({mine.topic: topic}, wait_for_metadata=True)

    refusal = refused(mine)

    assert isinstance(refusal, TopicBehind)
    assert refusal.data["last_in_topic"] == 0
    assert held(mine) == "topic-behind"
    assert in_topic(kafka, mine) == []


def test_after_a_loss_an_operator_has_it_published_again(database: Database, kafka: Kafka):
    test_a_topic_that_has_lost_messages_is_not_written_to(database, kafka)
    mine = only_setup(database, kafka)
    planned = plan(database.app, mine.topic, 1)
    ask(database.app, planned)

    once(mine, fill(database, children=2, seed=2))

    assert planned.events == planned.last > 20
    assert faults(kafka, mine) == {}
    assert held(mine) is None


def only_setup(database: Database, kafka: Kafka) -> Setup:
    with psycopg.connect(database.app) as connection:
        (topic,) = connection.execute("SELECT topic FROM casefile.relay").fetchone()
    return Setup(database.app, kafka.bootstrap, topic)


def test_a_running_relay_publishes_again_at_once_what_it_is_asked_to(
    database: Database, kafka: Kafka
):
    mine = setup(database, kafka)
    target = fill(database, children=2)
    with running(mine):
        reaches(mine, target)
        ask(database.app, plan(database.app, mine.topic, target - 4))
        waited(lambda: len(in_topic(kafka, mine)) == target + 5)
        reaches(mine, fill(database, children=2, seed=2))

    found = faults(kafka, mine)
    assert found["twice"] == 5
    assert found.keys() <= {"twice", "out of order", "disorder in a stream"}


def test_publishing_again_leaves_nothing_out(database: Database, kafka: Kafka):
    mine = setup(database, kafka)
    with pytest.raises(NotRelayedYet):
        plan(database.app, mine.topic, 1)
    target = fill(database, children=1, days=3)
    once(mine, target)

    with pytest.raises(RepublishLeavesHole):
        plan(database.app, mine.topic, target + 2)
    assert plan(database.app, mine.topic, target + 1).events == 0


def test_a_topic_that_knows_more_than_the_log_is_not_written_to(database: Database, kafka: Kafka):
    mine = setup(database, kafka)
    once(mine, fill(database, children=2))
    with psycopg.connect(database.admin, autocommit=True) as connection:
        connection.execute("ALTER TABLE casefile.stored_events DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM casefile.stored_events WHERE notification_id > 10")

    refusal = refused(mine)

    assert isinstance(refusal, TopicAhead)
    assert refusal.data["head"] == 10
    assert held(mine) == "topic-ahead"


def test_an_event_that_cannot_be_read_holds_what_follows_it(database: Database, kafka: Kafka):
    mine = setup(database, kafka)
    before = fill(database, children=2)
    with psycopg.connect(database.owner) as connection:
        connection.execute(UNREADABLE)
    fill(database, children=2, seed=2)

    refusal = refused(mine)

    assert isinstance(refusal, EventUnreadable)
    assert refusal.data == {"position": before + 1, "reason": "unknown-event-topic"}
    assert len(in_topic(kafka, mine)) == before == position(mine)
    assert held(mine) == "event-unreadable"


def test_a_message_that_is_too_large_holds_what_follows_it(database: Database, kafka: Kafka):
    target = fill(database, children=2)
    mine = setup(database, kafka, limit=880)

    refusal = refused(mine)

    assert isinstance(refusal, MessageTooLarge)
    assert refusal.data["bytes"] > 880
    assert len(in_topic(kafka, mine)) == refusal.data["position"] - 1 < target
    assert held(mine) == "message-too-large"


def test_a_topic_that_is_not_there_is_waited_for(database: Database, kafka: Kafka):
    target = fill(database, children=1)
    mine = Setup(database.app, kafka.bootstrap, "test.not-yet")

    with running(mine), kafka.admin() as admin:
        topic = {"num_partitions": 2, "replication_factor": 1}
        admin.create_topics({mine.topic: topic}, wait_for_metadata=True)
        reaches(mine, target)

    assert faults(kafka, mine) == {}
    assert head(database) == target
