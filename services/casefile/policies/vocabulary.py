"""The codes a policy may use, taken from the record types, so that none is listed twice."""

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from services.casefile.domain.catalogue import Catalogue, Kind
from services.casefile.domain.families.codes import StaffRole
from services.casefile.domain.families.fields import Population
from services.casefile.domain.twins import personal_spec

ROLES: tuple[str, ...] = get_args(StaffRole)
ASSIGNED = "assigned"
ACCOUNTABLE = "accountable"
STREAMS = {"case": "case", "worker": "case", "unit": "unit"}
LEVELS = {"care": ("care_level", "level"), "risk": ("risk", "level")}
# Where a child's or a unit's codes are recorded, by the field of `applies` that names them.
RECORDED_IN = {
    "care_level": ("care_level", "level"),
    "risk_level": ("risk", "level"),
    "boarding": ("boarding", "boarding"),
    "guardian_type": ("guardian", "guardian_type"),
    "school_status": ("school_status", "status"),
    "difficulty": ("difficulty", "categories"),
    "special_status": ("special_status", "special_status"),
    "unit_kind": ("unit_registration", "unit_kind"),
}


def codes_of(annotation: Any) -> tuple[str, ...]:
    """The codes a field can have; none when it is not a field of codes."""
    return tuple(dict.fromkeys(_codes(annotation)))


def _codes(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from (code for code in get_args(annotation) if isinstance(code, str))
        return
    for inner in get_args(annotation):
        yield from _codes(inner)


@cache
def fields_of(kind: Kind) -> dict[str, Any]:
    hints = get_type_hints(kind.type, include_extras=True)
    return {name: hints[name] for name in kind.type.__struct_fields__}


def allowed(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """The codes that a field of `applies` can name."""
    if name == "population":
        return get_args(Population)
    slug, field = RECORDED_IN[name]
    return codes_of(fields_of(catalogue.slug(slug))[field])


def levels(catalogue: Catalogue, level: str) -> tuple[str, ...]:
    slug, field = LEVELS[level]
    return codes_of(fields_of(catalogue.slug(slug))[field])


def is_personal(annotation: Any) -> bool:
    return personal_spec(annotation) is not None


def item(annotation: Any) -> Any:
    """The type of one value of a field: without None, and without the tuple around several."""
    parts = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        return item(next(part for part in parts if part is not type(None)))
    inner = parts[0] if get_origin(annotation) is Annotated else annotation
    return item(get_args(inner)[0]) if get_origin(inner) is tuple else annotation


def scalar(annotation: Any) -> Any:
    """The same without marks."""
    one = item(annotation)
    return get_args(one)[0] if get_origin(one) is Annotated else one


def can_be(value: object, annotation: Any) -> bool:
    """Whether a field of that type can have the value, or one of its values can be it."""
    try:
        msgspec.convert(value, item(annotation))
    except msgspec.ValidationError:
        return False
    return True


def is_proof(kind: Kind) -> bool:
    """Whether people do it and record it, so that it can be owed."""
    return kind.declared.recordable or kind.slug in ("group_attendance", "opening")


def can_trigger(kind: Kind) -> bool:
    return kind.family != "obligation" and not kind.amends and kind.slug != "keys"
