"""The facts that the true examples of the kinds state, also with any other code in their fields."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope, Submission
from services.casefile.domain.facts import fold
from services.casefile.domain.record import Record

RECORDS = Path(__file__).parents[2] / "schemas" / "records"
SUBMITTED = set(Submission.__struct_fields__)
DAY, NOBODY = date(2026, 11, 20), UUID(int=1)
ENVELOPE = Envelope(
    record_id=NOBODY,
    occurred_on=DAY,
    recorded_by=Author("t-101", "class_teacher", "school-1"),
    source="api",
)


def example(kind: Kind) -> Record | None:
    """None for what only the system writes, and for what changes another record."""
    if kind.slug in ("keys", "absorption") or kind.amends:
        return None
    file = RECORDS / f"{kind.slug}.v{kind.version}.example.json"
    body = {k: v for k, v in json.loads(file.read_text()).items() if k not in SUBMITTED}
    return msgspec.convert(body, kind.type)


def stated(kind: Kind, rec: Record) -> dict[str, Any]:
    recorded_at = datetime(2026, 11, 20, tzinfo=UTC)
    found = fold([Entry(NOBODY, 1, 1, recorded_at, kind, ENVELOPE, rec)])
    return {path: msgspec.to_builtins(fact.value) for path, fact in found.items()}


def with_every_code(rec: Record) -> Iterator[Record]:
    """The record as it is, and once with each code that one of its fields can have."""
    yield rec
    hints = get_type_hints(type(rec))
    for name in rec.__struct_fields__:
        for code in codes_in(hints[name]):
            is_one = not isinstance(getattr(rec, name), tuple)
            yield msgspec.structs.replace(rec, **{name: code if is_one else (code,)})


def codes_in(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
        return
    for inner in get_args(annotation):
        yield from codes_in(inner)
