"""Which streams can matter for a question about one unit: found in the log, without folding any.

Chosen are the streams of the sorts that are asked about. Of a child's, those with a record up to
the cut that ever said a place in the unit, whether that counts or not. They are more than will be
in the answer, and never fewer: a child belongs where one of her own records says. It is asked of
the log itself, so nothing is missed that a list across children has not seen yet.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.conditions import PLACES
from services.casefile.domain.catalogue import Kind, catalogue, topic_of
from services.casefile.domain.families.correction import EntryCorrected
from services.casefile.domain.record import Record, StreamType
from services.casefile.following.folded import Folded
from services.casefile.following.pages import OF_STREAMS, by_stream
from services.casefile.following.register import Link
from services.casefile.log.mapper import CasefileMapper
from services.casefile.rulebooks.units import UnitTree

CASE: StreamType = "case"
# What says nothing of places is not sent.
FOUND = b"""
SELECT originator_id, topic, CASE WHEN topic = ANY(%s) THEN state END
FROM casefile.stored_events WHERE topic = ANY(%s) AND notification_id <= %s
"""
STREAMS_AT_ONCE = 100
ROWS_AT_ONCE = 1_000
Found = tuple[UUID, str, bytes | None]


class Below(NamedTuple):
    """The unit asked about, with all that lay below it on a day."""

    unit: str
    units: UnitTree
    day: date

    def __contains__(self, place: object) -> bool:
        return self.unit in self.units.chain(str(place), self.day)


def candidates(
    link: Link,
    mapper: CasefileMapper,
    position: int,
    types: Collection[StreamType],
    below: Below | None,
) -> list[UUID]:
    """The streams of these sorts to look at, in the order of their ids."""
    placing = placing_topics() if CASE in types else frozenset()
    others = topics_of(frozenset(types) - {CASE})
    values = [list(placing), list(placing | others), position]
    chosen: set[UUID] = set()
    rows = link.cursor(binary=True).stream(FOUND, values, size=ROWS_AT_ONCE)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        chosen |= {stream_id for stream_id, topic, _ in some if topic in others}
        if below is not None:
            chosen |= placed(mapper, some, below)
    return sorted(chosen)


def placed(mapper: CasefileMapper, rows: Sequence[Found], below: Below) -> set[UUID]:
    """The files of which one of these records says a place in the unit, or cannot be read."""
    said = [(row[0], places_said(mapper, row[1], row[2])) for row in rows if row[2] is not None]
    # In one go, and not unit by unit.
    below.units.load(place for _, places in said for place in places or ())
    return {
        stream_id
        for stream_id, places in said
        if places is None or any(place in below for place in places)
    }


def these(
    link: Link, mapper: CasefileMapper, position: int, stream_ids: Collection[UUID]
) -> Iterator[Folded]:
    """These streams in the order given, some at a time, so that memory stays flat."""
    wanted = list(stream_ids)
    for start in range(0, len(wanted), STREAMS_AT_ONCE):
        some = wanted[start : start + STREAMS_AT_ONCE]
        cursor = link.cursor(binary=True)
        yield from by_stream(cursor.execute(OF_STREAMS, [some, position]).fetchall(), mapper)


def places_said(mapper: CasefileMapper, topic: str, state: bytes) -> list[str] | None:
    """Every unit that a record says a child belongs to, by itself or as it corrects another.

    None if it cannot be read: whoever reads the file says so.
    """
    kind, version = mapper.catalogue.topic(topic)
    try:
        said = places_in(kind.decode(state, version).rec)
    except (msgspec.MsgspecError, KeyError):
        return None
    return [place for place in said if isinstance(place, str)]


def places_in(rec: Record) -> list[Any]:
    if isinstance(rec, EntryCorrected):
        return [rec.changes.get(name) for name in PLACES]
    return [getattr(rec, name) for name in PLACES]


@cache
def placing_topics() -> frozenset[str]:
    """Of the kinds that can say where a child belongs, and of corrections."""
    kinds: Iterable[Kind] = catalogue()
    return frozenset(
        topic
        for kind in kinds
        if kind.type is EntryCorrected or says_places(kind)
        for topic in topics(kind)
    )


def says_places(kind: Kind) -> bool:
    return kind.stream == CASE and set(PLACES) <= set(kind.type.__struct_fields__)


@cache
def topics_of(types: frozenset[StreamType]) -> frozenset[str]:
    kinds: Iterable[Kind] = catalogue()
    return frozenset(topic for kind in kinds if kind.stream in types for topic in topics(kind))


def topics(kind: Kind) -> Iterator[str]:
    """Those of all versions there have been."""
    return (topic_of(kind.name, version) for version in range(1, kind.version + 1))
