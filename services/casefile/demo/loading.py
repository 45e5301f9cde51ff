"""Puts the demo into an empty log, as the owner: the only way to write a past that was recorded.

Rows are collected in a staging table and moved in the order they were recorded, in the same
transaction: the demo is there whole, or not at all.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from services.casefile.application.opening import Identities
from services.casefile.demo.children import Child
from services.casefile.demo.events import Encoder, StoredRow, Typed, by_class
from services.casefile.demo.generating import Block, generate
from services.casefile.demo.planned import Planned
from services.casefile.domain.refusals import Refused
from services.casefile.log.keyring import Keyring

Report = Callable[[int, int], None]
APPENDERS = "SELECT pg_advisory_xact_lock(x'63617365'::bigint)"
STAGING = """
CREATE TEMPORARY TABLE staging (
    originator_id uuid, originator_version bigint, topic text, state bytea, recorded_at timestamptz
) ON COMMIT DROP
"""
COPY = "COPY staging FROM STDIN (FORMAT BINARY)"
COPY_RESERVATIONS = "COPY casefile.reservations (kind, digest, case_id) FROM STDIN (FORMAT BINARY)"
MOVE = """
INSERT INTO casefile.stored_events
    (originator_id, originator_version, topic, state, recorded_at)
SELECT originator_id, originator_version, topic, state, recorded_at FROM staging
ORDER BY recorded_at, originator_id, originator_version
"""
TYPES = ("uuid", "int8", "text", "bytea", "timestamptz")


class LogNotEmpty(Refused):
    """The log holds events already, and the demo goes into an empty one only."""

    remedy = "Use a new state directory or database for the demo."


class Summary(msgspec.Struct):
    """What the demo consists of, and three files worth a look."""

    units: int = 0
    staff: int = 0
    children: int = 0
    events: int = 0
    rich_case: UUID | None = None
    corrected_case: UUID | None = None
    crammed_case: UUID | None = None


class Loader:
    """Loads a generated demo through one connection of the owner's."""

    def __init__(self, encoder: Encoder, keyring: Keyring, identities: Identities) -> None:
        self._encoder = encoder
        self._keyring = keyring
        self._identities = identities

    def load(
        self, owner_conninfo: str, seed: int, total: int, today: date, report: Report
    ) -> Summary:
        summary = Summary()
        with psycopg.connect(owner_conninfo) as connection, connection.transaction():
            connection.execute(APPENDERS)
            if not is_empty(connection):
                raise LogNotEmpty
            connection.execute(STAGING)
            for block in generate(seed, total, today):
                self._block(connection, block, summary)
                report(summary.children, total)
            connection.execute(MOVE)
        with psycopg.connect(owner_conninfo, autocommit=True) as connection:
            connection.execute("ANALYZE casefile.stored_events")
        return summary

    def _block(self, connection: psycopg.Connection[Any], block: Block, summary: Summary) -> None:
        streams = [[self._encoder.typed(p) for p in stream] for stream in block.streams]
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.set_types(TYPES)
            for row in self._rows(streams):
                copy.write_row(row)
                summary.events += 1
        with connection.cursor() as cursor, cursor.copy(COPY_RESERVATIONS) as copy:
            copy.set_types(("text", "bytea", "uuid"))
            for reservation in self._reservations(block.children):
                copy.write_row(reservation)
        _count(summary, block)

    def _rows(self, streams: Sequence[Sequence[Typed]]) -> Iterator[StoredRow]:
        classes = [self._encoder.classes(stream) for stream in streams]
        ids = [stream[0].planned.stream_id for stream in streams]
        wanted = [(i, str(c)) for i, cs in zip(ids, classes, strict=True) for c in cs]
        self._keyring.provision_many(wanted)
        held = self._keyring.load_many([i for i, cs in zip(ids, classes, strict=True) if cs])
        for stream, stream_id, needed in zip(streams, ids, classes, strict=True):
            keys = by_class(held[stream_id][c] for c in needed) if needed else {}
            yield from self._encoder.rows(stream, keys)

    def _reservations(self, children: Sequence[Child]) -> Iterator[tuple[str, bytes, UUID]]:
        for child in children:
            for kind, digest in self._identities.digests(child.resident_id, child.register_no):
                yield kind, digest, child.case_id


def is_empty(connection: psycopg.Connection[Any]) -> bool:
    found = connection.execute("SELECT FROM casefile.stored_events LIMIT 1").fetchone()
    return found is None


def _count(summary: Summary, block: Block) -> None:
    summary.units += len(block.county.units)
    summary.staff += len(block.county.staff)
    summary.children += len(block.children)
    of_children = [s for s in block.streams if s[0].slug == "opening"]
    summary.rich_case = summary.rich_case or max(of_children, key=len)[0].stream_id
    summary.corrected_case = summary.corrected_case or _first_with("correction", of_children)
    crammed = (s for s in of_children if s[0].worker.character == "cramming")
    summary.crammed_case = summary.crammed_case or next((s[0].stream_id for s in crammed), None)


def _first_with(slug: str, streams: Sequence[Sequence[Planned]]) -> UUID | None:
    found = (s[0].stream_id for s in streams if any(line.slug == slug for line in s))
    return next(found, None)
