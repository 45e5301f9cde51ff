"""What an operator does with parked messages: try again in order, or give one up."""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from services.notifications.consuming.effect import Effect
from services.notifications.consuming.ignoring import Ignoring
from services.notifications.consuming.taking import Taking
from services.notifications.messages import Incoming, NotReadable
from services.notifications.refusals import Refused
from services.notifications.sources.source import Unreadable
from services.notifications.state import heads, parked
from services.notifications.state.connections import Connection
from services.notifications.state.parked import NotParked, Parked, Place

FIRST_ID = UUID(int=0)


class NotTheFirst(Refused):
    """Another message of the same stream comes before this one."""

    remedy = "Retry or drop that one first; the order of a stream is never broken."


class Retried(msgspec.Struct, frozen=True):
    """What became of a stream: how many went on, and what still holds it."""

    stream_id: UUID | None
    went_on: int
    holds: Parked | None


def retry(connection: Connection, effect: Effect, number: int, *, over_hole: bool) -> Retried:
    """Try a stream again from its first parked message on; `over_hole` gives lost versions up."""
    with connection.transaction():
        row = parked.one(connection, number)
        if row.stream_id is None or row.version is None:
            return _retry_raw(connection, effect, row)
        taking, first = _held(connection, effect, row.stream_id)
        if over_hole and first.version is not None:
            heads.move(connection, {row.stream_id: first.version - 1})
            taking.hold({row.stream_id})
        return _go_on(connection, taking, row.stream_id)


def retry_all(connection: Connection, effect: Effect) -> Iterator[Retried]:
    """One stream after another, each in a transaction of its own."""
    after = FIRST_ID
    while page := parked.streams(connection, after):
        for stream_id in page:
            with connection.transaction():
                taking, _ = _held(connection, effect, stream_id)
                yield _go_on(connection, taking, stream_id)
        after = page[-1]


def drop(connection: Connection, effect: Effect, number: int) -> Retried:
    """Give a message up, for good and on record; the ones behind it go on."""
    with connection.transaction():
        row = parked.one(connection, number)
        if row.stream_id is None or row.version is None:
            parked.release(connection, number)
            return Retried(row.stream_id, 0, None)
        taking, first = _held(connection, effect, row.stream_id)
        if first.id != number:
            raise NotTheFirst(first=first.id)
        heads.drop(connection, row.stream_id, row.version, row.position, row.type)
        heads.move(connection, {row.stream_id: row.version})
        parked.release(connection, number)
        taking.hold({row.stream_id})
        return _go_on(connection, taking, row.stream_id)


def _held(connection: Connection, effect: Effect, stream_id: UUID) -> tuple[Taking, Parked]:
    """The lock first: the consumer may have gone on with the stream meanwhile."""
    heads.lock(connection, [stream_id])
    first = parked.first(connection, stream_id)
    if first is None:
        raise NotParked(stream_id=str(stream_id))
    place = Place(first.source, first.partition)
    taking = Taking(connection, effect, place, Ignoring(frozenset()))
    taking.hold({stream_id})
    return taking, first


def _go_on(connection: Connection, taking: Taking, stream_id: UUID) -> Retried:
    first = parked.first(connection, stream_id)
    if first is not None and taking.is_next(stream_id, first.version):
        taking.take(_content(connection, first))
    holds = parked.first(connection, stream_id)
    return Retried(stream_id, taking.counts["taken"], holds)


def _retry_raw(connection: Connection, effect: Effect, row: Parked) -> Retried:
    """It had no place in a stream; now perhaps it has."""
    message = _content(connection, row)
    if isinstance(message, Unreadable):
        return Retried(None, 0, row)
    parked.release(connection, row.id)
    taking = Taking(connection, effect, Place(row.source, row.partition), Ignoring(frozenset()))
    taking.hold({message.stream_id})
    taking.take(message)
    return Retried(message.stream_id, taking.counts["taken"], None)


def _content(connection: Connection, row: Parked) -> Incoming | Unreadable:
    content = parked.content(connection, row.id)
    try:
        return content.read()
    except NotReadable as fault:
        traces = msgspec.structs.replace(
            fault.traces, stream_id=row.stream_id, version=row.version, position=row.position
        )
        return Unreadable(fault.reason, traces, content.raw or b"", content.headers)
