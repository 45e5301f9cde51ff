"""JSON Schemas of what may be sent, generated from the record types themselves."""

from functools import cache
from typing import Any, get_type_hints

import msgspec
from msgspec.structs import FieldInfo

from services.casefile.application.inspecting import COUNTED, REACHED
from services.casefile.application.submissions import SUBMITTED
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.envelope import Submission
from services.casefile.domain.personal import DataClass

COMPONENTS = "#/components/schemas/{name}"
# What the application fills in by itself.
OWN = {
    "correction": ("of",),
    "annulment": ("of",),
    "opening": ("birth_year",),
    "inspection": REACHED,
    "sample": COUNTED,
}
# What it fills in where nothing is sent.
FILLED = {"inspection": ("as_of", "known_at")}


@cache
def submission(kind: Kind) -> type[msgspec.Struct]:
    """The flat body of a kind: the envelope as a caller may fill it in, and the kind's own."""
    own = set(OWN.get(kind.slug, ()))
    fields = {f[0]: f for f in (*_fields(Submission), *_fields(kind.type)) if f[0] not in own}
    for name in ("occurred_on",) if kind.amends else FILLED.get(kind.slug, ()):
        fields[name] = (name, fields[name][1], None)
    return msgspec.defstruct(
        kind.name,
        list(fields.values()),
        kw_only=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": kind.type.__doc__},
    )


def components(types: list[Any]) -> dict[str, Any]:
    """The schemas of many types, each under its own name."""
    _, found = msgspec.json.schema_components(types, ref_template=COMPONENTS)
    return found


def schema(kind: Kind) -> dict[str, Any]:
    """One kind's schema on its own, with the personal fields marked."""
    form = msgspec.json.schema(submission(kind))
    marked(form["$defs"][kind.name], kind)
    return form


def marked(form: dict[str, Any], kind: Kind) -> None:
    """Say of each personal field which class of data it is; it is sealed at rest."""
    for name, spec in kind.spec.items():
        if isinstance(spec, DataClass) and name in form["properties"]:
            form["properties"][name]["x-personal"] = spec.value


def envelope_fields() -> frozenset[str]:
    return SUBMITTED


def _fields(struct: type[msgspec.Struct]) -> list[tuple[str, Any, Any]]:
    hints = get_type_hints(struct, include_extras=True)
    return [(f.name, hints[f.name], _default(f)) for f in msgspec.structs.fields(struct)]


def _default(field: FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=field.default_factory)
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return msgspec.field()
