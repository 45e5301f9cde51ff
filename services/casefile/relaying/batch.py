"""What goes into one transaction: the next messages of the log, neither too many nor too large."""

from collections.abc import Iterable

import msgspec

from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.messages import told
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.publishing.cloudevents import KafkaRecord, to_kafka
from services.casefile.publishing.message import Message
from services.casefile.relaying.errors import EventUnreadable, Held, MessageTooLarge

MOST_BYTES = 4 * 1024 * 1024
# What Kafka adds to a message that is alone in its batch, with room to spare.
OVERHEAD, PER_HEADER = 128, 8


class Batch(msgspec.Struct, frozen=True):
    """`held` is why nothing that follows may be published."""

    records: list[KafkaRecord]
    position: int
    is_full: bool = False
    held: Held | None = None


class Source:
    """The log, as records of Kafka."""

    def __init__(
        self, recorder: CasefileRecorder, mapper: CasefileMapper, message_bytes: int
    ) -> None:
        self._recorder, self._mapper, self._largest = recorder, mapper, message_bytes

    def head(self) -> int:
        return self._recorder.head()

    def after(self, position: int, most: int) -> Batch:
        rows = self._recorder.page(position, most)
        stretch = told(self._mapper, rows, position)
        batch = self._packed(stretch.messages, position)
        if batch.held or batch.is_full:
            return batch
        if stretch.held is not None:
            held = EventUnreadable(stretch.held.position, stretch.held.why.code)
            return msgspec.structs.replace(batch, held=held)
        return msgspec.structs.replace(batch, is_full=len(rows) == most)

    def mark(self) -> int:
        return self._recorder.waker.mark()

    def wait(self, seconds: float, since: int) -> None:
        self._recorder.waker.wait(seconds, since=since)

    def _packed(self, messages: Iterable[Message], after: int) -> Batch:
        records: list[KafkaRecord] = []
        weight = 0
        for message in messages:
            record = to_kafka(message)
            size = size_of(record)
            if size > self._largest:
                return Batch(records, after, held=MessageTooLarge(message.position, size))
            if records and weight + size > MOST_BYTES:
                return Batch(records, after, is_full=True)
            records.append(record)
            weight, after = weight + size, message.position
        return Batch(records, after)


def size_of(record: KafkaRecord) -> int:
    # A list is summed in half the time of a generator, and this is asked of every message.
    headers = sum([len(name) + len(value) for name, value in record.headers])
    return (
        len(record.key) + len(record.value) + headers + PER_HEADER * len(record.headers) + OVERHEAD
    )
