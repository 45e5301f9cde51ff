"""The relay lost its connection to Kafka: it looks for missing marks before it adds anything to them."""

import psycopg
import pytest
from kafka.errors import KafkaError

from services.casefile.domain.refusals import CasefileError
from tests.bus.relays import Setup, ends, expected, faults, fill, reaches, running, setup
from tests.bus.test_relay_faults import IMPATIENT
from tests.bus.unmarked import publisher, says_published, unmarked, unmarking
from tests.casefile.cli.processes import waited
from tests.fault_proxy import FaultProxy
from tests.kafka import Kafka
from tests.servers import Database

__all__ = ["unmarking"]


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
