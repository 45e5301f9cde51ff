"""Planned records to stored rows: typed, enveloped, numbered and sealed, stream by stream."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from services.casefile.demo.planned import Planned
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope
from services.casefile.domain.families.case import KeysProvisioned, SealingKey
from services.casefile.domain.personal import DataClass
from services.casefile.domain.record import Record
from services.casefile.log.data_key import DataKey
from services.casefile.log.mapper import CasefileMapper, Draft

SYSTEM = Author("casefile", "system", "casefile")
Keys = Mapping[str, DataKey]


class StoredRow(NamedTuple):
    """What is copied into the log."""

    stream_id: UUID
    version: int
    topic: str
    state: bytes
    recorded_at: datetime


class Typed(NamedTuple):
    """A planned record with its type."""

    planned: Planned
    env: Envelope
    rec: Record


class Encoder:
    """Makes rows of what was planned."""

    def __init__(self, catalogue: Catalogue, mapper: CasefileMapper) -> None:
        self._catalogue = catalogue
        self._mapper = mapper
        self._keys_kind = catalogue.of(KeysProvisioned)

    def typed(self, planned: Planned) -> Typed:
        author = Author(planned.worker.staff, planned.worker.role, planned.worker.unit)
        env = Envelope(
            record_id=planned.record_id,
            occurred_on=planned.occurred_on,
            recorded_by=author,
            performed_by=author,
            source="demo",
            late_reason=planned.late_reason,
            group=planned.group,
        )
        kind = self._catalogue.slug(planned.slug)
        return Typed(planned, env, msgspec.convert(planned.body, kind.type))

    def classes(self, stream: Iterable[Typed]) -> list[DataClass]:
        found: set[DataClass] = set()
        for one in stream:
            found |= self._mapper.classes(self._catalogue.slug(one.planned.slug), one.env, one.rec)
        return sorted(found)

    def rows(self, stream: Sequence[Typed], keys: Keys) -> Iterator[StoredRow]:
        version = 0
        if keys:
            version = 1
            yield self._key_row(stream[0].planned, keys)
        for one in stream:
            version += 1
            kind = self._catalogue.slug(one.planned.slug)
            draft = Draft(one.planned.stream_id, version, kind, one.env, one.rec, keys)
            yield self._row(draft, one.planned.recorded_at)

    def entries(self, stream: Sequence[Typed]) -> Iterator[Entry]:
        """The records as entries with plain values, for the rules to judge."""
        for version, one in enumerate(stream, start=1):
            kind = self._catalogue.slug(one.planned.slug)
            at = one.planned.recorded_at
            yield Entry(one.planned.stream_id, version, version, at, kind, one.env, one.rec)

    def _key_row(self, first: Planned, keys: Keys) -> StoredRow:
        env = Envelope(
            record_id=uuid5(first.stream_id, "keys"),
            occurred_on=first.occurred_on,
            recorded_by=SYSTEM,
            source="demo",
        )
        held = sorted(keys.values(), key=lambda key: key.id)
        rec = KeysProvisioned(keys=tuple(SealingKey(k.id, k.commitment) for k in held))
        draft = Draft(first.stream_id, 1, self._keys_kind, env, rec, keys)
        return self._row(draft, first.recorded_at)

    def _row(self, draft: Draft, recorded_at: datetime) -> StoredRow:
        stored = self._mapper.to_stored_event(draft)
        version = stored.originator_version
        return StoredRow(draft.originator_id, version, stored.topic, stored.state, recorded_at)


def by_class(keys: Iterable[Any]) -> dict[str, DataKey]:
    return {key.data_class: key for key in keys}
