"""Between a draft and the stored bytes: validates on write, seals personal fields, reads back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from services.casefile.domain.catalogue import Catalogue, Kind, StoredBody
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Envelope
from services.casefile.domain.families.correction import EntryCorrected
from services.casefile.domain.personal import DataClass, Sealed
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import DamagedEvent
from services.casefile.domain.twins import Spec, classes_in, struct_spec
from services.casefile.log.commit import Row
from services.casefile.log.data_key import DataKey
from services.casefile.log.sealing import seal

NOT_YET = datetime(1970, 1, 1, tzinfo=UTC)
Seal = Callable[[Any, DataClass, str], Sealed]
ENVELOPE_SPEC: dict[str, Spec] = struct_spec(Envelope) or {}
ENVELOPE_CLASSES = frozenset(classes_in(ENVELOPE_SPEC))

_encode = msgspec.json.Encoder().encode


class Draft(msgspec.Struct, frozen=True):
    """An event that is decided and validated, with its personal values still in the clear."""

    originator_id: UUID
    originator_version: int
    kind: Kind
    env: Envelope
    rec: Record
    keys: Mapping[str, DataKey]


class CasefileMapper(Mapper[UUID]):
    """The library's mapper protocol over msgspec structs and per-child keys."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(JSONTranscoder())
        self.catalogue = catalogue
        self._readers: dict[str, tuple[Kind, Callable[[bytes], StoredBody]]] = {}

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        draft: Draft = domain_event
        env, rec = msgspec.to_builtins(draft.env), self._checked(draft)
        stream, version = draft.originator_id, draft.originator_version

        def seal_one(value: Any, data_class: DataClass, path: str) -> Sealed:
            key = draft.keys[data_class]
            return seal(value, key, stream_id=stream, version=version, path=path)

        seal_within(env, ENVELOPE_SPEC, "env", seal_one)
        seal_within(rec, self.spec(draft.kind, draft.rec), "rec", seal_one)
        state = _encode({"env": env, "rec": rec})
        return StoredEvent(stream, version, draft.kind.topic, state)

    def plain_event(
        self, stream: UUID, version: int, kind: Kind, env: Envelope, rec: Record
    ) -> StoredEvent:
        """The same of what the system itself says: typed as it is, and nothing in it is personal."""
        assert not kind.data_classes
        assert env.late_reason is None
        return StoredEvent(stream, version, kind.topic, _encode({"env": env, "rec": rec}))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        s = stored_event
        return self.entry(s.originator_id, s.originator_version, s.topic, s.state, 0, NOT_YET)

    def entry(
        self,
        stream_id: Any,
        version: int,
        topic: str,
        state: bytes,
        position: int,
        recorded_at: datetime,
    ) -> Entry:
        """A row of the log, read. Unknown topics and damaged bytes raise `Unreadable`."""
        kind, stored_version = self.catalogue.topic(topic)
        try:
            body = kind.decode(state, stored_version)
        except (msgspec.MsgspecError, KeyError) as error:
            raise DamagedEvent(stream_id, version) from error
        return Entry(stream_id, version, position, recorded_at, kind, body.env, body.rec)

    def entries(self, stream_id: UUID, rows: Iterable[Row]) -> list[Entry]:
        """The rows of one stream, read; the same as `entry` for each, without its detours."""
        readers, found = self._readers, []
        for version, topic, state, position, recorded_at in rows:
            reader = readers.get(topic)
            if reader is None:
                reader = readers[topic] = self._reader(topic)
            kind, decode = reader
            try:
                body = decode(state)
            except (msgspec.MsgspecError, KeyError) as error:
                raise DamagedEvent(stream_id, version) from error
            found.append(Entry(stream_id, version, position, recorded_at, kind, body.env, body.rec))
        return found

    def _reader(self, topic: str) -> tuple[Kind, Callable[[bytes], StoredBody]]:
        kind, version = self.catalogue.topic(topic)
        if version == kind.version:
            return kind, kind.decoder.decode
        return kind, partial(kind.decode, version=version)

    def spec(self, kind: Kind, rec: Record) -> dict[str, Spec]:
        """Where a record's personal values are; a correction's are those of what it corrects."""
        if not isinstance(rec, EntryCorrected):
            return kind.spec
        return kind.spec | {"changes": self.catalogue.slug(rec.of).spec | ENVELOPE_SPEC}

    def classes(self, kind: Kind, env: Envelope, rec: Record) -> set[DataClass]:
        """The data classes a draft needs keys for."""
        found: set[DataClass] = set()
        add_classes(found, env, ENVELOPE_SPEC)
        add_classes(found, rec, self.spec(kind, rec))
        return found

    def could_need(self, kind: Kind, rec: Record) -> frozenset[DataClass]:
        """The data classes a draft of this kind may need keys for, whatever it says."""
        if isinstance(rec, EntryCorrected):
            return kind.data_classes | self.catalogue.slug(rec.of).data_classes | ENVELOPE_CLASSES
        return kind.data_classes | ENVELOPE_CLASSES

    def _checked(self, draft: Draft) -> dict[str, Any]:
        rec: dict[str, Any] = msgspec.to_builtins(draft.rec)
        msgspec.convert(rec, draft.kind.type)
        return rec


def seal_within(data: Any, spec: Spec, path: str, seal_one: Seal) -> Any:
    """Replace, in place, every personal value of the data by its sealed form."""
    if data is None:
        return None
    if isinstance(spec, DataClass):
        return seal_one(data, spec, path)
    if isinstance(spec, list):
        return [seal_within(item, spec[0], f"{path}.{i}", seal_one) for i, item in enumerate(data)]
    for name, inner in spec.items():
        if data.get(name) is not None:
            data[name] = seal_within(data[name], inner, f"{path}.{name}", seal_one)
    return data


def add_classes(found: set[DataClass], data: Any, spec: Spec) -> None:
    if data is None:
        return
    if isinstance(spec, DataClass):
        found.add(spec)
    elif isinstance(spec, list):
        for item in data:
            add_classes(found, item, spec[0])
    elif isinstance(data, dict):
        for name, inner in spec.items():
            add_classes(found, data.get(name), inner)
    else:
        for name, inner in spec.items():
            add_classes(found, getattr(data, name), inner)
