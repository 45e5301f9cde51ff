"""Compares a row with what is on file already: the same changes nothing, other data is a fault."""

from typing import Any

from services.casefile.application.recording import plain
from services.casefile.application.stream import Stream
from services.casefile.domain.entry import Entry
from services.casefile.domain.identifiers import normal_name
from services.casefile.importing.desk import Desk
from services.casefile.importing.faults import Fault, Wrong

BESIDE = ("occurred_on", "occurred_at", "performed_by", "late_reason", "found_by", "record_id")


def refuse_other_data(
    desk: Desk, stream: Stream, slug: str, body: dict[str, Any], wrong: Wrong
) -> None:
    """Raise Fault where the row says something else than the file, as it was or as it is."""
    differing = [
        name for name in body if name not in BESIDE and _differs(desk, stream, slug, name, body)
    ]
    if differing:
        raise Fault(wrong, differing[0], columns=tuple(differing))


def _differs(desk: Desk, stream: Stream, slug: str, name: str, body: dict[str, Any]) -> bool:
    entry = first_of(stream, slug)
    disclosure = desk.keys.disclosure(stream)
    fact = stream.facts.get(f"child.{name}")
    known = [disclosure.entry(entry).get(name)] if entry is not None else []
    if fact is not None:
        known.append(disclosure.value(fact.value))
    if any(isinstance(one, dict) and "withheld" in one for one in known):
        return False
    return _comparable(name, body[name]) not in [_comparable(name, one) for one in known]


def first_of(stream: Stream, slug: str) -> Entry | None:
    return next((e for e in stream.records.values() if e.kind.slug == slug), None)


def _comparable(name: str, value: Any) -> Any:
    if isinstance(value, str) and name == "name":
        return normal_name(value)
    shown = plain(list(value) if isinstance(value, tuple) else value)
    return shown.upper() if name in ("resident_id", "school_register_no") and shown else shown
