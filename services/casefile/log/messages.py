"""Stretches of the log as the messages other services get: in order, and never past what is unreadable."""

from collections.abc import Collection, Iterable

import msgspec

from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.refusals import Unreadable
from services.casefile.log.commit import LogRow
from services.casefile.log.mapper import CasefileMapper
from services.casefile.publishing.message import (
    WITHHELD,
    Message,
    is_published,
    message_of,
    type_of,
)


class Held(msgspec.Struct, frozen=True):
    """The event that cannot be read, before which a stretch ends."""

    position: int
    why: Unreadable


class Stretch(msgspec.Struct, frozen=True):
    """Messages, and the position up to which the log was read for them."""

    messages: list[Message]
    position: int
    held: Held | None = None


def told(
    mapper: CasefileMapper,
    rows: Iterable[LogRow],
    after: int,
    types: Collection[str] = (),
    most: int | None = None,
) -> Stretch:
    """What these rows tell others, of these types or of all."""
    found: list[Message] = []
    for position, stream_id, version, topic, state, recorded_at in rows:
        if most is not None and len(found) == most:
            break
        try:
            if not types or message_type(mapper.catalogue, topic) in types:
                entry = mapper.entry(stream_id, version, topic, state, position, recorded_at)
                found.append(message_of(entry))
        except Unreadable as error:
            return Stretch(found, after, Held(position, error))
        after = position
    return Stretch(found, after)


def message_type(catalogue: Catalogue, topic: str) -> str:
    """The type of the message that an event of this topic becomes."""
    kind, _ = catalogue.topic(topic)
    return type_of(kind) if is_published(kind) else WITHHELD


def message_types(catalogue: Catalogue) -> frozenset[str]:
    return frozenset({WITHHELD, *(type_of(kind) for kind in catalogue if is_published(kind))})
