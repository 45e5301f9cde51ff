"""Who held which post on which day, and which units there were: folded from their own streams."""

import time
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.casefile.application.stream import Stream
from services.casefile.application.streams import Streams
from services.casefile.domain.envelope import Author
from services.casefile.domain.refusals import StaffNotFound, UnitNotFound
from services.casefile.domain.staff_posts import post_on, unit_on
from services.casefile.domain.stream_ids import staff_stream, unit_stream

SECONDS = 2.0


class Seen(NamedTuple):
    stream: Stream
    at: float


class Posts:
    """Looks up staff and units; what it saw it believes for two seconds."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._seen: dict[UUID, Seen] = {}

    def author(self, staff: str, day: date) -> Author:
        """The member of staff with role and unit as on that day."""
        post = post_on(self._stream(staff_stream(staff)).facts, day)
        if post is None:
            post = post_on(self._fresh(staff_stream(staff)).facts, day)
        if post is None:
            raise StaffNotFound(staff=staff)
        return Author(staff, post.role, post.unit)

    def check_staff(self, staff: str, day: date, field: str) -> None:
        """Refuse somebody who held no post on that day."""
        try:
            self.author(staff, day)
        except StaffNotFound:
            raise StaffNotFound(field, staff=staff) from None

    def check_unit(self, unit: str, day: date, field: str) -> None:
        """Refuse a unit that did not exist on that day."""
        if unit_on(self._stream(unit_stream(unit)).facts, day) is not None:
            return
        if unit_on(self._fresh(unit_stream(unit)).facts, day) is None:
            raise UnitNotFound(field, unit=unit)

    def _stream(self, stream_id: UUID) -> Stream:
        seen = self._seen.get(stream_id)
        if seen is None or time.monotonic() - seen.at > SECONDS:
            return self._fresh(stream_id)
        return seen.stream

    def _fresh(self, stream_id: UUID) -> Stream:
        stream = self._streams.fresh(stream_id)
        self._seen[stream_id] = Seen(stream, time.monotonic())
        return stream
