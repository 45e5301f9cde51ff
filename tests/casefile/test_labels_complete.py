"""Every kind, field and code has a Chinese word."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.domain.envelope import Envelope
from services.casefile.labels import labels, spoken

WORDS = labels("zh")
ALL = list(catalogue())


def structs_in(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
        for inner in get_type_hints(annotation).values():
            yield from structs_in(inner)
    for inner in get_args(annotation):
        yield from structs_in(inner)


def codes_in(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from (code for code in get_args(annotation) if isinstance(code, str))
        return
    for inner in get_args(annotation):
        yield from codes_in(inner)


def fields_of(root: type[msgspec.Struct]) -> Iterator[tuple[str, Any]]:
    for struct in dict.fromkeys(structs_in(root)):
        hints = get_type_hints(struct)
        yield from ((name, hints[name]) for name in struct.__struct_fields__)


def missing(root: type[msgspec.Struct]) -> list[str]:
    found = []
    for name, annotation in fields_of(root):
        if not WORDS.has("field", spoken(name)):
            found.append(f"field {spoken(name)}")
        found += [
            f"code.{name} {spoken(code)}"
            for code in codes_in(annotation)
            if not any(WORDS.has(c, spoken(code)) for c in (f"code.{name}", "code"))
        ]
    return found


@pytest.mark.parametrize("kind", ALL, ids=lambda k: k.slug)
def test_a_kind_and_all_its_words_are_translated(kind: Kind):
    assert WORDS.has("kind", kind.label), kind.label
    assert missing(kind.type) == []


def test_the_envelope_is_translated():
    assert missing(Envelope) == []
