"""What the data of a message holds, by the kind of its record."""

from datetime import date, datetime
from functools import cache
from typing import Any, cast, get_type_hints
from uuid import UUID

import msgspec

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.envelope import Author
from services.casefile.domain.record import ALL, StreamType


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """What every message says: of which stream, which record, when, and who did it."""

    stream: StreamType
    stream_id: UUID
    record_id: UUID
    occurred_on: date
    recorded_at: datetime
    performed_by: Author
    case_id: UUID | None = None
    late: bool = False


class Withheld(msgspec.Struct, frozen=True, kw_only=True):
    """Something private was recorded; nothing more is said of it."""

    stream: StreamType
    stream_id: UUID


class PersonalFieldPublished(Exception):
    """A kind names a personal field among those it publishes; take it out of `publishes`."""


def published_fields(kind: Kind) -> tuple[str, ...]:
    """The fields of the record that other services are told."""
    named = kind.declared.publishes or ()
    fields = tuple(kind.type.__struct_fields__) if named == ALL else named
    if personal := [field for field in fields if field in kind.spec]:
        raise PersonalFieldPublished(kind.slug, personal)
    return fields


@cache
def data_type(kind: Kind) -> type[Common]:
    """The type of the data; of contacts it says whether anybody was reached."""
    hints = get_type_hints(kind.type, include_extras=True)
    defaults = {field.name: field for field in msgspec.structs.fields(kind.type)}
    own = [_field(name, hints[name], defaults[name]) for name in published_fields(kind)]
    reached: list[Any] = [("reached", bool)] if kind.contact is not None else []
    made = msgspec.defstruct(
        f"{kind.name}Data",
        [*reached, *own],
        bases=(Common,),
        frozen=True,
        kw_only=True,
        namespace={"__doc__": kind.type.__doc__},
    )
    return cast(type[Common], made)


def _field(name: str, hint: Any, field: msgspec.structs.FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return (name, hint, field.default)
    if field.default_factory is not msgspec.NODEFAULT:
        return (name, hint, msgspec.field(default_factory=field.default_factory))
    return (name, hint)
