"""A consumer in a process of its own, to be killed. Reads its orders as JSON from stdin."""

import json
import sys
from functools import partial
from threading import Event
from typing import Any

from services.notifications.consuming import consumer as consuming
from services.notifications.consuming.consumer import Consumer
from services.notifications.consuming.ports import Reactions
from services.notifications.log_config import configure_logging
from services.notifications.messages import Incoming
from services.notifications.sources.feed import FeedSource
from services.notifications.sources.source import Batch, Source
from services.notifications.state.connections import Connection, connect
from tests.notifications.feed_server import TOKEN
from tests.notifications.given import TALK
from tests.notifications.taking import LONG_AGO, tell_the_teacher

EFFECT = "INSERT INTO effects (message_id, stream_id, version) VALUES (%s, %s, %s)"
MOVED = """
INSERT INTO notifications.offsets AS held (source, partition, next_offset) VALUES (%s, %s, %s)
ON CONFLICT (source, partition) DO UPDATE SET next_offset = excluded.next_offset
"""


def effect(connection: Connection, message: Incoming) -> None:
    """A row without any key: what happens twice is seen twice."""
    connection.execute(EFFECT, [message.id, message.stream_id, message.version])


def careless(_taking: Any, connection: Connection, source: str, batch: Batch) -> None:
    """The control: the effect first, then the offset, compared with nothing."""
    for message in batch.messages:
        assert isinstance(message, Incoming)
        effect(connection, message)
    connection.execute(MOVED, [source, batch.partition, batch.next_offset])


def source(told: dict[str, Any]) -> Source:
    if "topic" not in told:
        return FeedSource(told["address"], TOKEN, limit=told["limit"], wait=1)
    from services.notifications.sources.kafka import KafkaSource

    client = {"bootstrap_servers": told["bootstrap"]}
    given = (client, told["topic"], told["group"])
    return KafkaSource(*given, limit=told["limit"], fixed=told["fixed"])


def main() -> None:
    told = json.loads(sys.stdin.readline())
    configure_logging("json")
    if told["careless"]:
        consuming.take_batch = careless
    reactions = Reactions(
        types=frozenset((TALK,)), react=tell_the_teacher, listeners={TALK: effect}
    )
    opened = partial(connect, told["database"])
    consumer = Consumer(
        partial(source, told), opened, reactions, notify_after=LONG_AGO, poll_seconds=1
    )
    consumer.run(Event())


if __name__ == "__main__":
    main()
