"""What Kafka took for over without marking it: the relay resolves it, and loses and doubles nothing."""

from collections.abc import Sequence

import psycopg
import pytest
from kafka import TopicPartition

from services.casefile.relaying import kafka_publisher
from services.casefile.relaying.errors import TopicAhead, TopicBehind, TopicHidden
from services.casefile.relaying.hanging import Hanging, Span
from services.casefile.relaying.republishing import ask, plan
from tests.bus.clients import transactional
from tests.bus.relays import (
    ends,
    expected,
    faults,
    fill,
    in_topic,
    is_all_seen,
    reaches,
    running,
    setup,
)
from tests.bus.test_relay import held, refused
from tests.bus.test_relay_crashes import die_at
from tests.bus.unmarked import ALL, left_unmarked, published, says_published, unmarking
from tests.kafka import Kafka
from tests.servers import Database

__all__ = ["unmarking"]


@pytest.mark.parametrize("partitions", [ALL, (0,), (1, 2, 3)])
@pytest.mark.parametrize("is_written_down", [True, False])
def test_what_was_committed_without_marks_is_seen_once_and_in_order(
    database: Database, unmarking: Kafka, partitions: Sequence[int], is_written_down: bool
):
    mine, last = setup(database, unmarking), fill(database)
    messages = expected(mine)
    published(mine, messages[:60])
    left_unmarked(mine, messages[60:], partitions)
    if is_written_down:
        says_published(mine, last)
    assert not is_all_seen(unmarking, mine)

    with running(mine):
        reaches(mine, fill(database, seed=2))

    assert faults(unmarking, mine) == {}
    assert is_all_seen(unmarking, mine)


@pytest.mark.parametrize("partitions", [ALL, (0,), (1, 2, 3)])
def test_what_was_rolled_back_without_marks_is_sent_again_and_seen_once(
    database: Database, unmarking: Kafka, partitions: Sequence[int]
):
    mine, last = setup(database, unmarking), fill(database)
    messages = expected(mine)
    published(mine, messages[:60])
    says_published(mine, 60)
    left_unmarked(mine, messages[60:120], partitions, is_commit=False)

    with running(mine):
        reaches(mine, last)

    assert faults(unmarking, mine) == {}
    assert is_all_seen(unmarking, mine)


@pytest.mark.parametrize("point", ["placed", "resolved"])
def test_a_relay_killed_while_it_resolves_leaves_it_to_the_next(
    database: Database, unmarking: Kafka, point: str
):
    mine, last = setup(database, unmarking), fill(database)
    messages = expected(mine)
    published(mine, messages[:60])
    left_unmarked(mine, messages[60:], (0, 1))

    die_at(mine, point, 1)
    with running(mine):
        reaches(mine, last)

    assert faults(unmarking, mine) == {}
    assert is_all_seen(unmarking, mine)


def test_while_publishing_again_what_has_no_marks_leaves_no_hole(
    database: Database, unmarking: Kafka
):
    mine, last = setup(database, unmarking), fill(database)
    messages = expected(mine)
    published(mine, messages[:60])
    left_unmarked(mine, messages[60:], (0, 1))
    says_published(mine, last)
    ask(database.app, plan(database.app, mine.topic, 100))

    with running(mine):
        reaches(mine, fill(database, seed=2))

    found = faults(unmarking, mine)
    assert found["twice"] == last - 99
    assert found.keys() <= {"twice", "out of order", "disorder in a stream"}


def test_a_loss_is_a_loss_also_when_something_has_no_marks(database: Database, unmarking: Kafka):
    mine, last = setup(database, unmarking), fill(database)
    messages = expected(mine)
    published(mine, messages[:60])
    left_unmarked(mine, messages[60:90])
    says_published(mine, last)
    before = ends(unmarking, mine.topic, "read_uncommitted")

    refusal = refused(mine)

    assert isinstance(refusal, TopicBehind)
    assert refusal.data["last_in_topic"] == 60
    assert ends(unmarking, mine.topic, "read_uncommitted") == before


def test_what_the_log_does_not_have_is_not_committed(database: Database, unmarking: Kafka):
    mine, last = setup(database, unmarking), fill(database)
    left_unmarked(mine, expected(mine))
    with psycopg.connect(database.admin, autocommit=True) as connection:
        connection.execute("ALTER TABLE casefile.stored_events DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM casefile.stored_events WHERE notification_id > 10")

    refusal = refused(mine)

    assert isinstance(refusal, TopicAhead)
    assert refusal.data["last_in_topic"] == last
    assert in_topic(unmarking, mine) == []


def test_what_another_leaves_open_holds_the_relay(
    database: Database, real_kafka: Kafka, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(kafka_publisher, "PATIENCE", 0.5)
    mine = setup(database, real_kafka)
    fill(database)
    published(mine, expected(mine)[:60])

    with transactional(real_kafka, f"{mine.topic}.other") as other:
        other.begin_transaction()
        other.send(mine.topic, b"not ours", partition=0).get(20)
        refusal = refused(mine)

    assert isinstance(refusal, TopicHidden)
    assert held(mine) == "topic-hidden"


@pytest.mark.parametrize(
    ("known", "spans", "committed"),
    [
        (10, {0: (11, 20), 1: (12, 19)}, set()),
        (20, {0: (11, 20), 1: (12, 19)}, {0, 1}),
        (15, {0: (11, 18), 1: (17, 20)}, {0, 1}),  # one of them tells the fate of the other
        (15, {0: (12, 14), 1: (16, 20)}, {0}),
        (20, {0: (11, 20), 1: (21, 30)}, {0}),  # a second one, which came to nothing
        (10, {0: (0, 0)}, {0}),  # no message of ours
    ],
)
def test_what_hangs_before_something_that_was_published_was_published_with_it(
    known: int, spans: dict[int, tuple[int, int]], committed: set[int]
):
    found = Hanging({TopicPartition("t", n): Span(*span) for n, span in spans.items()})

    assert {each.partition for each in found.committed(known)} == committed
