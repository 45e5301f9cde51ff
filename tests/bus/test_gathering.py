"""How events become transactions: at once after a pause, and together right after a commit."""

from typing import Any

import psycopg
import pytest

from services.casefile.relaying import term
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from tests.bus.relays import faults, fill, reaches, running, setup
from tests.kafka import Kafka
from tests.servers import Database

APPEND = """
INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state)
SELECT gen_random_uuid(), 1, topic, state FROM casefile.stored_events LIMIT 1
"""


def test_what_is_appended_right_after_a_commit_goes_in_one_transaction(
    database: Database, kafka: Kafka, monkeypatch: pytest.MonkeyPatch
):
    mine, before = setup(database, kafka), fill(database, children=1, days=1)
    sent: list[int] = []
    waited: list[float] = []

    def while_others_append(seconds: float) -> None:
        if seconds and len(waited) < 1:
            waited.append(seconds)
            one_by_one(database, 5)

    class Counting(KafkaPublisher):
        def publish(self, records: Any) -> Any:
            sent.append(len(records))
            return super().publish(records)

    monkeypatch.setattr(term, "sleep", while_others_append)
    monkeypatch.setattr(term, "GATHER", 60.0)
    with running(mine, Counting):
        reaches(mine, before + 5)

    assert sent == [before, 5]
    assert faults(kafka, mine) == {}


def one_by_one(database: Database, count: int) -> None:
    """Each event in a commit of its own, with the hint that there is something new."""
    with psycopg.connect(database.owner, autocommit=True) as connection:
        for _ in range(count):
            connection.execute(APPEND)
            connection.execute("NOTIFY casefile_log")
