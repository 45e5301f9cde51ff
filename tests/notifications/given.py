"""Messages as Casefile publishes them, of invented children."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.notifications.messages import Incoming, to_json

SPACE = UUID("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a00")
MORNING = datetime(2026, 11, 20, 1, tzinfo=UTC)
TALK = "casefile.talk-held.v1"
ASSIGNED = "casefile.worker-assigned.v1"
MISSED = "casefile.obligation-missed.v1"
FULFILLED = "casefile.obligation-fulfilled.v1"


def child(number: int = 1) -> UUID:
    return uuid5(SPACE, f"child {number}")


def message(
    version: int,
    type_: str = TALK,
    *,
    of: UUID | None = None,
    position: int | None = None,
    stream: str = "case",
    time: datetime = MORNING,
    **data: Any,
) -> Incoming:
    stream_id = of or child()
    record_id = uuid5(stream_id, str(version))
    common = {
        "stream": stream,
        "stream_id": str(stream_id),
        "record_id": str(record_id),
        "occurred_on": "2026-11-19",
        "recorded_at": time.isoformat(),
        "performed_by": {"staff": "t-101", "role": "class_teacher", "unit": "class-31"},
        "case_id": str(stream_id) if stream == "case" else None,
    }
    return Incoming(
        id=f"{stream_id}:{version}",
        type=type_,
        stream=stream,
        stream_id=stream_id,
        version=version,
        position=position if position is not None else version,
        time=time,
        data={**common, **{name: _plain(value) for name, value in data.items()}},
    )


def assigned(version: int, staff: str, **more: Any) -> Incoming:
    return message(version, ASSIGNED, role="class_teacher", staff=staff, unit="class-31", **more)


def missed(version: int, **more: Any) -> Incoming:
    return message(version, MISSED, **{**owed(), "closed_on": "2026-11-07", **more})


def owed() -> dict[str, Any]:
    return {
        "policy": "school-default",
        "policy_version": 1,
        "rule": "talk.class_teacher",
        "window": "2026-10",
        "due_on": "2026-10-31",
        "obligor": "staff",
        "role": "class_teacher",
        "accountable": "t-101",
        "unit": "class-31",
    }


def histories(children: int, each: int) -> list[Incoming]:
    """So many children with so many messages each, mixed, in the order of the log."""
    return [
        message(version, of=child(number), position=(version - 1) * children + number)
        for version in range(1, each + 1)
        for number in range(1, children + 1)
    ]


def headers(given: Incoming, **other: str) -> list[tuple[str, bytes]]:
    """As Kafka carries them in binary mode."""
    whole = msgspec.json.decode(to_json(given))
    found = {name: value for name, value in whole.items() if name != "data"} | other
    return [(f"ce_{name}", value.encode()) for name, value in found.items()]


def value(given: Incoming) -> bytes:
    return msgspec.json.encode(given.data)


def page(messages: Sequence[Incoming]) -> bytes:
    return b"[" + b",".join(map(to_json, messages)) + b"]"


def _plain(given: Any) -> Any:
    return str(given) if isinstance(given, UUID | date) else given
