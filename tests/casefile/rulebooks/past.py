"""A past that was written down in time: records with days and moments of their own choosing."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg

from services.casefile.composition import Parts
from services.casefile.demo.county import Worker
from services.casefile.demo.events import Encoder
from services.casefile.demo.loading import COPY, MOVE, STAGING, TYPES, Loader
from services.casefile.demo.planned import Planned
from services.casefile.domain.stream_ids import staff_stream
from tests.servers import Database

TEACHER = Worker("t-101", "class_teacher", "class-31")
OTHER = Worker("t-102", "class_teacher", "class-31")


def child(**fields: Any) -> dict[str, Any]:
    return {
        "name": "禾苗甲",
        "sex": "female",
        "birth_date": "2015-03-01",
        "birth_year": 2015,
        "population": "left_behind",
        "village": "village-1",
        "school": "school-1",
        "class_unit": "class-31",
        "grade": 3,
        "found_by": "survey",
    } | fields


class Past:
    """Collects records and writes each stream at once, as its owner."""

    def __init__(self, database: Database, parts: Parts) -> None:
        self._owner = database.owner
        encoder = Encoder(parts.catalogue, parts.mapper)
        self._encoder = encoder
        self._loader = Loader(encoder, parts.keyring, parts.identities)
        self._streams: defaultdict[UUID, list[Planned]] = defaultdict(list)

    def opened(self, on: str, **fields: Any) -> UUID:
        case_id = uuid4()
        self.told(case_id, "opening", on, **child(**fields))
        return case_id

    def told(
        self,
        stream_id: UUID,
        slug: str,
        on: str,
        *,
        lag: int = 0,
        worker: Worker = TEACHER,
        **body: Any,
    ) -> UUID:
        """Happened on a day, and was written down so many days later at noon."""
        day = date.fromisoformat(on)
        at = datetime.combine(day + timedelta(days=lag), time(4), UTC)
        lines = self._streams[stream_id]
        record_id = uuid5(stream_id, f"{slug}:{len(lines)}")
        lines.append(Planned(stream_id, slug, body, day, at, worker, record_id))
        return record_id

    def hired(self, staff: str, role: str, unit: str, on: str) -> UUID:
        stream_id = staff_stream(staff)
        body = {"staff": staff, "role": role, "unit": unit, "starts_on": on}
        self.told(stream_id, "staff_registration", on, **body)
        return stream_id

    def write(self) -> None:
        streams = [sorted(s, key=lambda p: p.recorded_at) for s in self._streams.values()]
        self._streams.clear()
        typed = [[self._encoder.typed(planned) for planned in stream] for stream in streams]
        with psycopg.connect(self._owner) as connection, connection.transaction():
            connection.execute(STAGING)
            with connection.cursor() as cursor, cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                for row in self._loader._rows(typed):
                    copy.write_row(row)
            connection.execute(MOVE)


def told_each(past: Past, case_id: UUID, slug: str, days: Iterable[str], **body: Any) -> None:
    for day in days:
        past.told(case_id, slug, day, **body)
