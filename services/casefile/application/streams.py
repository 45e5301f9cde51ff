"""Loads streams, and remembers the ones used last.

A remembered stream may be behind the log. That is safe to accept a command on, because the
version decides; a refusal is always confirmed on a fresh one.
"""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from services.casefile.application.stream import Stream
from services.casefile.domain.entry import Entry
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder


class Streams:
    """Streams by id, at most so many events in memory."""

    def __init__(
        self, recorder: CasefileRecorder, mapper: CasefileMapper, remembered_events: int = 100_000
    ) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self._limit = remembered_events
        self._held: OrderedDict[UUID, Stream] = OrderedDict()
        self._events = 0
        self._lock = Lock()

    def remembered(self, stream_id: UUID) -> Stream:
        """The stream as last seen by this process, or else as it is."""
        with self._lock:
            stream = self._held.get(stream_id)
            if stream is not None:
                self._held.move_to_end(stream_id)
        return self.fresh(stream_id) if stream is None else stream

    def fresh(self, stream_id: UUID) -> Stream:
        """The stream as the log has it now."""
        stream = Stream.of(stream_id, self.entries(stream_id))
        self.remember(stream)
        stream.is_fresh = True
        return stream

    def entries(self, stream_id: UUID) -> list[Entry]:
        return self._mapper.entries(stream_id, self._recorder.stream(stream_id))

    def remember(self, stream: Stream) -> None:
        with self._lock:
            before = self._held.get(stream.id)
            if before is not None and before.version > stream.version:
                return
            self._held[stream.id] = stream
            self._held.move_to_end(stream.id)
            self._events += stream.version - (before.version if before else 0)
            self._shrink()

    def forget(self, stream_id: UUID) -> None:
        with self._lock:
            if (stream := self._held.pop(stream_id, None)) is not None:
                self._events -= stream.version

    def _shrink(self) -> None:
        while self._events > self._limit and len(self._held) > 1:
            _, stream = self._held.popitem(last=False)
            self._events -= stream.version
