"""All kinds there are, found in the family modules, by slug and by stored topic."""

from functools import cache, cached_property
from types import ModuleType
from typing import Any, cast

import msgspec

from services.casefile.domain import families
from services.casefile.domain.envelope import Envelope
from services.casefile.domain.personal import DataClass
from services.casefile.domain.record import Declaration, Party, Record, StreamType, declaration
from services.casefile.domain.refusals import NewerEventVersion, UnknownEventTopic, UnknownKind
from services.casefile.domain.twins import Spec, classes_in, struct_spec, struct_twin


class StoredBody(msgspec.Struct, frozen=True, gc=False):
    """The JSON of one stored event, once decoded."""

    env: Envelope
    rec: Record


class Kind:
    """One kind of record: its type, its stored twin, and what its declaration says."""

    def __init__(self, cls: type[Record], declared: Declaration, family: str) -> None:
        self.type = cls
        self.declared = declared
        self.family = family
        self.slug = declared.slug
        self.label = declared.label
        self.stream: StreamType = declared.stream
        self.version = declared.version
        self.contact: Party | None = declared.contact
        self.name = cls.__name__
        self.topic = topic_of(cls.__name__, declared.version)
        self.amends = declared.amends

    def __repr__(self) -> str:
        return f"Kind({self.slug})"

    @cached_property
    def stored(self) -> type[Record]:
        return cast(type[Record], struct_twin(self.type))

    @cached_property
    def spec(self) -> dict[str, Spec]:
        return struct_spec(self.type) or {}

    @cached_property
    def data_classes(self) -> frozenset[DataClass]:
        return frozenset(classes_in(self.spec))

    @cached_property
    def decoder(self) -> msgspec.json.Decoder[StoredBody]:
        body = msgspec.defstruct(
            f"{self.name}Body",
            [("env", struct_twin(Envelope)), ("rec", self.stored)],
            bases=(StoredBody,),
            frozen=True,
        )
        return msgspec.json.Decoder(body)

    def decode(self, state: bytes, version: int) -> StoredBody:
        if version == self.version:
            return self.decoder.decode(state)
        return self._upcast(msgspec.json.decode(state), version)

    def _upcast(self, body: dict[str, Any], version: int) -> StoredBody:
        for step in range(version, self.version):
            body["rec"] = self.declared.upcasts[step](body["rec"])
        return msgspec.convert(body, self.decoder.type)


class Catalogue:
    """The kinds, looked up by slug or by topic."""

    def __init__(self, kinds: list[Kind]) -> None:
        self.by_slug = {k.slug: k for k in kinds}
        self._by_name = {k.name: k for k in kinds}
        self._by_topic = {k.topic: (k, k.version) for k in kinds}
        self.by_type = {k.type: k for k in kinds}

    def __iter__(self) -> Any:
        return iter(self.by_slug.values())

    def of(self, cls: type[Record]) -> Kind:
        return self.by_type[cls]

    def slug(self, slug: str) -> Kind:
        if slug not in self.by_slug:
            raise UnknownKind(slug)
        return self.by_slug[slug]

    def topic(self, topic: str) -> tuple[Kind, int]:
        """The kind and version that a stored topic names."""
        if (known := self._by_topic.get(topic)) is not None:
            return known
        name, _, suffix = topic.partition(".")
        kind = self._by_name.get(name)
        if kind is None or not (suffix.isdigit() or suffix == ""):
            raise UnknownEventTopic(topic)
        version = int(suffix or 1)
        if version > kind.version:
            raise NewerEventVersion(topic, kind.version)
        return self._by_topic.setdefault(topic, (kind, version))


def topic_of(name: str, version: int) -> str:
    return name if version == 1 else f"{name}.{version}"


def kinds_in(module: ModuleType) -> list[Kind]:
    family = module.__name__.rpartition(".")[2]
    mine = (v for v in vars(module).values() if getattr(v, "__module__", "") == module.__name__)
    records = (v for v in mine if isinstance(v, type) and issubclass(v, Record))
    return [Kind(cls, d, family) for cls in records if (d := declaration(cls)) is not None]


@cache
def catalogue() -> Catalogue:
    return Catalogue([kind for module in families.MODULES for kind in kinds_in(module)])
