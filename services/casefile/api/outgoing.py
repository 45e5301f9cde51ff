"""Answers of commands: the receipt, the new ETag, the place in the log, the first answer again."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from services.casefile.api.problems import Answer, Pairs
from services.casefile.api.tags import tag
from services.casefile.application.decision import Receipt

JSON = (b"content-type", b"application/json")
RULES = ("policy", "calendar")
_encode = msgspec.json.Encoder().encode


class Place(NamedTuple):
    """The stream a command wrote to, as its address calls it."""

    type: str
    code: str | None = None


class Recorded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record is in the log."""

    case_id: UUID | None = None
    session_id: UUID | None = None
    inspection_id: UUID | None = None
    unit: str | None = None
    staff: str | None = None
    policy: str | None = None
    calendar: str | None = None
    record_id: UUID
    kind: str
    version: int
    position: int
    recorded_at: datetime
    warnings: tuple[str, ...] = ()


def recorded(receipt: Receipt, place: Place) -> Recorded:
    named: dict[str, UUID | str | None] = {
        "case": {"case_id": receipt.case_id},
        "group": {"session_id": receipt.case_id},
        "inspection": {"inspection_id": receipt.case_id},
        "unit": {"unit": place.code},
        "staff": {"staff": place.code},
        "policy": {"policy": place.code},
        "calendar": {"calendar": place.code},
    }[place.type]  # type: ignore[assignment]
    return Recorded(
        **named,  # type: ignore[arg-type]
        record_id=receipt.record_id,
        kind=receipt.kind,
        version=receipt.version,
        position=receipt.position,
        recorded_at=receipt.recorded_at.astimezone(UTC),
        warnings=receipt.warnings,
    )


def answer_receipt(receipt: Receipt, place: Place) -> Answer:
    """The same bytes for a command and for its repetition."""
    of = "rulebook" if place.type in RULES else place.type
    etag = tag(receipt.case_id, receipt.version, of)
    headers: Pairs = [
        JSON,
        (b"etag", etag.encode()),
        (b"casefile-position", str(receipt.reached).encode()),
    ]
    if place.type == "case":
        headers.append((b"location", _location(receipt).encode()))
    if receipt.is_replay:
        headers.append((b"idempotency-replayed", b"true"))
    return Answer(201, _encode(recorded(receipt, place)), headers)


def _location(receipt: Receipt) -> str:
    case = f"/v1/cases/{receipt.case_id}"
    return case if receipt.kind == "opening" else f"{case}/records/{receipt.record_id}"
