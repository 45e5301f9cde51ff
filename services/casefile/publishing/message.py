"""From an event to the message that other services get: a pure function of the stored event."""

import re
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.entry import Entry
from services.casefile.publishing.data import Withheld, data_type, published_fields

SOURCE = "/casefile"
WITHHELD = "casefile.event-withheld.v1"
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Message(msgspec.Struct, frozen=True, gc=False):
    """A message with its data as the bytes that are sent, whatever carries them.

    `key` orders: messages of one stream keep their order. `position` is the place in the log.
    """

    id: str
    type: str
    subject: str
    time: datetime
    key: UUID
    position: int
    version: int
    data: bytes
    correlation: str | None = None
    causation: UUID | None = None


@cache
def type_of(kind: Kind) -> str:
    """`casefile.home-visit-made.v1`."""
    words = WORDS.sub("-", kind.name).lower()
    return f"casefile.{words}.v{kind.declared.message_version}"


def is_published(kind: Kind) -> bool:
    return kind.declared.private is None


def message_of(entry: Entry) -> Message:
    """The message. Corrections are messages of their own.

    Of what is private it says only that there was something, so that the versions of a stream
    have no holes and a reader can tell a message that was lost.
    """
    kind, env, stream = entry.kind, entry.env, str(entry.stream_id)
    return Message(
        id=f"{stream}:{entry.version}",
        type=type_of(kind) if is_published(kind) else WITHHELD,
        subject=f"{kind.stream}/{stream}",
        time=entry.recorded_at,
        key=entry.stream_id,
        position=entry.position,
        version=entry.version,
        data=msgspec.json.encode(data_of(entry)),
        correlation=env.correlation if is_published(kind) else None,
        causation=env.causation if is_published(kind) else None,
    )


def data_of(entry: Entry) -> Any:
    kind, env, rec = entry.kind, entry.env, entry.rec
    if not is_published(kind):
        return Withheld(stream=kind.stream, stream_id=entry.stream_id)
    own = {name: getattr(rec, name) for name in published_fields(kind)}
    if kind.contact is not None:
        own["reached"] = rec.reaches()
    return data_type(kind)(
        stream=kind.stream,
        stream_id=entry.stream_id,
        case_id=entry.stream_id if kind.stream == "case" else None,
        record_id=env.record_id,
        occurred_on=env.occurred_on,
        recorded_at=entry.recorded_at,
        performed_by=env.performed_by or env.recorded_by,
        late=env.late_reason is not None,
        **own,
    )
