"""Adds stored bytes of new event types to tests/golden. What is there is never written again."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope, Submission
from services.casefile.domain.personal import DataClass
from services.casefile.log.data_key import DataKey, SubjectKeys
from services.casefile.log.disclosure import Disclosure
from services.casefile.log.mapper import CasefileMapper, Draft

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = ROOT / "schemas" / "records"
STREAM = UUID("018f0000-0000-7000-8000-00000000c0de")
RECORD = UUID("018f0000-0000-7000-8000-00000000beef")
VERSION = 7
AUTHOR = Author("t-101", "class_teacher", "class-31")
MOMENT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
KEYS = {str(c): DataKey(STREAM, str(c), 1, bytes([n + 1] * 32)) for n, c in enumerate(DataClass)}
SUBMITTED = frozenset(Submission.__struct_fields__)
WITHOUT_EXAMPLE: dict[str, dict[str, Any]] = {
    "keys": {"keys": [{"key": "identity#1", "commitment": "AAEC"}]},
    "absorption": {"absorbed": str(RECORD)},
    "group_attendance": {"session_kind": "forum", "session": str(RECORD)},
}


def body_of(kind: Kind) -> dict[str, Any]:
    if kind.slug in WITHOUT_EXAMPLE:
        return {"occurred_on": "2026-11-18"} | WITHOUT_EXAMPLE[kind.slug]
    path = EXAMPLES / f"{kind.slug}.v{kind.version}.example.json"
    example: dict[str, Any] = json.loads(path.read_text())
    return example


def draft_of(kind: Kind) -> Draft:
    body = body_of(kind)
    env = Envelope(
        record_id=RECORD,
        occurred_on=date.fromisoformat(body["occurred_on"]),
        recorded_by=AUTHOR,
        performed_by=AUTHOR,
        source="web",
        late_reason="学期初集中补录",
    )
    own = {k: v for k, v in body.items() if k not in SUBMITTED}
    return Draft(STREAM, VERSION, kind, env, msgspec.convert(own, kind.type), KEYS)


def disclosure() -> Disclosure:
    keys = SubjectKeys(STREAM, {key.id: key for key in KEYS.values()})
    return Disclosure(STREAM, keys, {key.id: key.commitment for key in KEYS.values()})


def shown(entry: Entry) -> dict[str, Any]:
    """What a reader sees of an entry, as plain JSON."""
    opened = disclosure()
    data = {"fields": opened.entry(entry), "late_reason": opened.late_reason(entry)}
    plain: dict[str, Any] = json.loads(msgspec.json.encode(data))
    return plain


def add_missing() -> int:
    mapper = CasefileMapper(catalogue())
    added = 0
    for kind in catalogue():
        path = GOLDEN / f"{kind.topic}.json"
        if path.exists():
            continue
        stored = mapper.to_stored_event(draft_of(kind))
        entry = mapper.entry(STREAM, VERSION, stored.topic, stored.state, 1, MOMENT)
        content = {"topic": stored.topic, "state": stored.state.decode(), "shown": shown(entry)}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        added += 1
    return added


if __name__ == "__main__":
    print(f"{add_missing()} added")
