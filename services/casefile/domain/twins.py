"""Derives, from a record type, the twin that is stored: the same fields, personal ones sealed."""

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from services.casefile.domain.personal import DataClass, Sealed

# What is personal in a type: a data class for a leaf, a field map for a struct, a list's items.
FORM = {
    "frozen": True,
    "kw_only": True,
    "omit_defaults": True,
    "forbid_unknown_fields": True,
    "gc": False,
}
Spec = DataClass | dict[str, "Spec"] | list["Spec"]


def data_class_of(annotation: Any) -> DataClass | None:
    return cast(DataClass | None, mark(annotation, "personal"))


def mark(annotation: Any, name: str) -> Any:
    """What the type's own annotation says under this name."""
    if get_origin(annotation) is not Annotated:
        return None
    marks = (m.extra or {} for m in get_args(annotation)[1:] if isinstance(m, msgspec.Meta))
    return next((m[name] for m in marks if name in m), None)


@cache
def references(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The fields that name a unit or a member of staff, and which of the two."""
    hints = get_type_hints(struct, include_extras=True)
    found = {name: _refers_to(hints[name]) for name in struct.__struct_fields__}
    return {name: target for name, target in found.items() if target is not None}


def _refers_to(annotation: Any) -> str | None:
    options = (annotation, *get_args(annotation))
    return next((t for a in options if (t := mark(a, "refers_to")) is not None), None)


def personal_spec(annotation: Any) -> Spec | None:
    """Where the personal values of a type are, or None when it has none."""
    if (data_class := data_class_of(annotation)) is not None:
        return data_class
    if get_origin(annotation) is Annotated:
        return personal_spec(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return struct_spec(annotation)
    specs = [s for s in map(personal_spec, _arguments(annotation)) if s is not None]
    if not specs:
        return None
    return [specs[0]] if _is_sequence(annotation) else specs[0]


@cache
def struct_spec(struct: type[msgspec.Struct]) -> dict[str, Spec] | None:
    hints = get_type_hints(struct, include_extras=True)
    found = {name: personal_spec(hints[name]) for name in struct.__struct_fields__}
    return {name: spec for name, spec in found.items() if spec is not None} or None


def classes_in(spec: Spec) -> Iterator[DataClass]:
    """Every data class a type has a place for."""
    if isinstance(spec, DataClass):
        yield spec
        return
    for inner in spec.values() if isinstance(spec, dict) else spec:
        yield from classes_in(inner)


def twin_type(annotation: Any) -> Any:
    """The stored form of a type."""
    if personal_spec(annotation) is None:
        return annotation
    if data_class_of(annotation) is not None:
        return Sealed
    if isinstance(annotation, type):
        return struct_twin(annotation)
    parts = tuple(twin_type(a) for a in get_args(annotation))
    return _rebuild(annotation, parts)


@cache
def struct_twin(struct: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """A subclass of the struct whose personal fields hold sealed values."""
    spec = struct_spec(struct)
    if spec is None:
        return struct
    hints = get_type_hints(struct, include_extras=True)
    namespace: dict[str, Any] = {
        "__annotations__": {name: twin_type(hints[name]) for name in spec},
        "__module__": struct.__module__,
    }
    for field in msgspec.structs.fields(struct):
        if field.name in spec and field.default is not msgspec.NODEFAULT:
            namespace[field.name] = field.default
    make: Any = type(struct)
    return cast(
        type[msgspec.Struct], make(f"{struct.__name__}AtRest", (struct,), namespace, **FORM)
    )


def _arguments(annotation: Any) -> tuple[Any, ...]:
    return tuple(a for a in get_args(annotation) if a is not Ellipsis)


def _is_sequence(annotation: Any) -> bool:
    return get_origin(annotation) in (tuple, list)


def _rebuild(annotation: Any, parts: tuple[Any, ...]) -> Any:
    origin = get_origin(annotation)
    if origin is Annotated:
        return parts[0]
    if origin in (Union, types.UnionType):
        return Union[parts]  # noqa: UP007
    return origin[parts]
