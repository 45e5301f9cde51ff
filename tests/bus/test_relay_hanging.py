"""What Kafka took for over without marking it: the relay resolves it, and loses and doubles nothing."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError

from services.casefile.domain.refusals import CasefileError
from services.casefile.relaying import kafka_publisher
from services.casefile.relaying.errors import TopicAhead, TopicBehind, TopicHidden
from services.casefile.relaying.hanging import Hanging, Span
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from services.casefile.relaying.republishing import ask, plan
from tests.bus.clients import transactional
from tests.bus.relays import (
    Setup,
    client,
    ends,
    expected,
    faults,
    fill,
    in_topic,
    reaches,
    running,
    setup,
)
from tests.bus.test_relay import held, refused
from tests.bus.test_relay_faults import IMPATIENT
from tests.casefile.cli.processes import waited
from tests.fault_proxy import FaultProxy
from tests.kafka import Kafka
from tests.servers import Database

ALL = (0, 1, 2, 3)
BROKER = [ConfigResourceType.BROKER, "1"]
VERIFICATION = "transaction.partition.verification.enable"


@pytest.fixture
def unmarking(real_kafka: Kafka) -> Iterator[Kafka]:
    """A Kafka that takes messages into partitions that its transaction does not know of.

    So it ends the transaction without marking them, which is what a lone broker does that comes
    back from a kill at the wrong moment.
    """
    with verifying(real_kafka, "false"):
        yield real_kafka


@contextmanager
def verifying(kafka: Kafka, first: str) -> Iterator[None]:
    with kafka.admin() as admin:
        admin.alter_configs([ConfigResource(*BROKER, {VERIFICATION: first})])
        yield
        admin.alter_configs([ConfigResource(*BROKER, {VERIFICATION: "true"})])


@contextmanager
def publisher(mine: Setup) -> Iterator[KafkaPublisher]:
    with closing(KafkaPublisher(client(mine), mine.topic, mine.topic, mine.limit)) as one:
        yield one


def left_unmarked(
    mine: Setup, messages: Sequence[Any], partitions: Sequence[int] = ALL, *, is_commit: bool = True
) -> None:
    """As a relay leaves them whose Kafka fell right after the end: these partitions have no mark."""
    with publisher(mine) as one:
        unmarked(one, mine, messages, partitions, is_commit=is_commit)


def unmarked(
    one: KafkaPublisher,
    mine: Setup,
    messages: Sequence[Any],
    partitions: Sequence[int] = ALL,
    *,
    is_commit: bool = True,
) -> None:
    producer, manager = one._producer, one._manager
    producer.begin_transaction()
    manager._partitions_in_transaction |= {TopicPartition(mine.topic, n) for n in partitions}
    for key, value, headers in messages:
        producer.send(mine.topic, key=key, value=value, headers=headers)
    producer.flush(20)
    ended = manager.begin_commit() if is_commit else manager.begin_abort()
    producer._sender.wakeup()
    assert ended.wait(20_000)


def published(mine: Setup, messages: Sequence[Any]) -> None:
    with publisher(mine) as one:
        one.publish(messages).settle()


def says_published(mine: Setup, last: int) -> None:
    """What the relay wrote down before it fell."""
    with psycopg.connect(mine.database) as connection:
        connection.execute(
            "INSERT INTO casefile.relay (topic, position) VALUES (%s, %s)", [mine.topic, last]
        )


def is_all_seen(kafka: Kafka, mine: Setup) -> bool:
    return (
        len({ends(kafka, mine.topic, level) for level in ("read_committed", "read_uncommitted")})
        == 1
    )


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


def test_over_another_connection_nothing_is_added_to_what_has_no_marks(
    database: Database, unmarking: Kafka, fault_proxy: FaultProxy
):
    """The client connects anew by itself, and does not know what Kafka left out meanwhile."""
    mine = setup(database, unmarking, client={"proxy_url": fault_proxy.url, **IMPATIENT})
    last = fill(database)
    messages = expected(mine)
    with publisher(mine) as one:
        one.publish(messages[:30]).settle()
        unmarked(one, mine, messages[30:90])
        before = ends(unmarking, mine.topic, "read_uncommitted")
        fault_proxy.go_down()
        waited(lambda: not one.is_connected)
        fault_proxy.heal()
        with pytest.raises((KafkaError, CasefileError)):
            one.publish(messages[90:]).settle()

    assert ends(unmarking, mine.topic, "read_uncommitted") == before
    says_published(mine, 90)
    with running(mine):
        reaches(mine, last)
    assert faults(unmarking, mine) == {}


def test_a_relay_with_nothing_to_publish_looks_as_soon_as_it_has_lost_kafka(
    database: Database, kafka: Kafka, fault_proxy: FaultProxy
):
    mine = setup(database, kafka, client={"proxy_url": fault_proxy.url, **IMPATIENT})
    with running(mine):
        reaches(mine, fill(database, children=1))
        before = terms(mine)
        fault_proxy.go_down()
        fault_proxy.heal()
        waited(lambda: terms(mine) > before)
        reaches(mine, fill(database, children=1, seed=2))

    assert faults(kafka, mine) == {}


def terms(mine: Setup) -> int:
    with psycopg.connect(mine.database) as connection:
        return connection.execute("SELECT term FROM casefile.relay").fetchone()[0]


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
