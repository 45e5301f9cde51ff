"""Publishes what came of each attempt, for whoever wants to know: codes and ids, no words."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from services.notifications.delivering.ledger import Entry

TOPIC = "notifications.deliveries.v1"
TYPE = "notifications.delivery.v1"
SECONDS = 5.0


class Result(msgspec.Struct, frozen=True):
    """A line of the ledger as it is published; of a digest the first notices and their number."""

    id: int
    notice_ids: list[UUID]
    notices: int
    staff: str
    channel: str
    template: str
    attempt: int
    outcome: str
    code: str | None
    at: datetime


class ResultPublisher(Protocol):
    """Returns when it is certain; raises when it is not, and is asked again."""

    def publish(self, result: Result) -> None: ...


def result_of(entry: Entry) -> Result:
    return Result(
        id=entry.id,
        notice_ids=entry.notice_ids,
        notices=entry.notices,
        staff=entry.staff,
        channel=entry.channel,
        template=entry.template,
        attempt=entry.attempt,
        outcome=entry.outcome,
        code=entry.code,
        at=entry.at,
    )


class KafkaResults:
    """CloudEvents in binary mode; the key is the person, whose lines stay in their order.

    A line may be published twice after a crash: its id stays the same.
    """

    def __init__(
        self, client: dict[str, Any], topic: str = TOPIC, seconds: float = SECONDS
    ) -> None:
        from kafka import KafkaProducer

        self._topic = topic
        self._seconds = seconds
        self._producer = KafkaProducer(
            **client, acks="all", enable_idempotence=True, max_block_ms=int(seconds * 1000)
        )

    def publish(self, result: Result) -> None:
        headers = [
            ("ce_specversion", b"1.0"),
            ("ce_id", f"delivery:{result.id}".encode()),
            ("ce_source", b"/notifications"),
            ("ce_type", TYPE.encode()),
            ("ce_time", result.at.isoformat().encode()),
            ("content-type", b"application/json"),
        ]
        sent = self._producer.send(
            self._topic,
            key=result.staff.encode(),
            value=msgspec.json.encode(result),
            headers=headers,
        )
        sent.get(timeout=self._seconds)

    def close(self) -> None:
        self._producer.close(timeout=self._seconds)
