"""Reads the log for followers: a page of it in order, and whole streams up to a position."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.refusals import Unreadable
from services.casefile.following.folded import Folded
from services.casefile.following.parking import Parked, reason_of
from services.casefile.following.register import Link
from services.casefile.log.commit import LogRow
from services.casefile.log.mapper import CasefileMapper

COLUMNS = (
    "originator_id, originator_version, topic, state, notification_id, recorded_at "
    "FROM casefile.stored_events"
)
OF_STREAMS = (
    f"SELECT {COLUMNS} WHERE originator_id = ANY(%s) AND notification_id <= %s "
    "ORDER BY originator_id, originator_version"
).encode()
NEXT_STREAMS = (
    f"SELECT {COLUMNS} WHERE originator_id > %s AND notification_id <= %s "
    "ORDER BY originator_id, originator_version LIMIT %s"
).encode()
FIRST = UUID(int=0)
AT_ONCE = 1_000

StreamRow = tuple[UUID, int, str, bytes, int, datetime]


class Page:
    """A stretch of the log, decoded once for all models that read it."""

    def __init__(self, rows: Sequence[LogRow], mapper: CasefileMapper) -> None:
        self.rows = rows
        self._mapper = mapper

    @property
    def last(self) -> int:
        return self.rows[-1][0]

    @cached_property
    def unreadable(self) -> list[Parked]:
        """The cases with an event in here that this version cannot read."""
        self.entries  # noqa: B018
        return self._unreadable

    @cached_property
    def entries(self) -> list[Entry]:
        self._unreadable: list[Parked] = []
        return [entry for row in self.rows if (entry := self._read(row)) is not None]

    def _read(self, row: LogRow) -> Entry | None:
        position, stream_id, version, topic, state, recorded_at = row
        try:
            return self._mapper.entry(stream_id, version, topic, state, position, recorded_at)
        except Unreadable as error:
            self._unreadable.append(Parked(stream_id, position, reason_of(error)))
            return None


class Streams:
    """Whole streams up to one position; each is read once, whichever model asks first."""

    def __init__(self, connection: Link, mapper: CasefileMapper, upto: int) -> None:
        self._connection = connection
        self._mapper = mapper
        self._upto = upto
        self._known: dict[UUID, Folded] = {}

    def of(self, case_ids: Collection[UUID]) -> list[Folded]:
        wanted = [case_id for case_id in case_ids if case_id not in self._known]
        for start in range(0, len(wanted), AT_ONCE):
            self._read(wanted[start : start + AT_ONCE])
        return [self._known[case_id] for case_id in case_ids]

    def as_at(self, position: int) -> "Streams":
        """Streams up to another position, with a memory of their own."""
        return Streams(self._connection, self._mapper, position)

    def _read(self, case_ids: list[UUID]) -> None:
        cursor = self._connection.cursor(binary=True)
        rows = cursor.execute(OF_STREAMS, [case_ids, self._upto]).fetchall()
        self._known |= {folded.id: folded for folded in by_stream(rows, self._mapper)}


def next_streams(
    connection: Link, mapper: CasefileMapper, after: UUID | None, upto: int, events: int
) -> list[Folded]:
    """The streams that follow one in the order of their ids, as many as make up so many events."""
    cursor = connection.cursor(binary=True)
    limit = events
    while True:
        rows = cursor.execute(NEXT_STREAMS, [after or FIRST, upto, limit]).fetchall()
        streams = list(by_stream(rows, mapper))
        if len(rows) < limit:
            return streams
        if len(streams) > 1:
            # The last one may go on beyond the limit.
            return streams[:-1]
        limit *= 4


def by_stream(rows: Sequence[StreamRow], mapper: CasefileMapper) -> Iterator[Folded]:
    for stream_id, group in groupby(rows, key=itemgetter(0)):
        yield Folded(stream_id, [row[1:] for row in group], mapper.entry)
