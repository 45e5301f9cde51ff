"""Receipts: built when events are stored, and built again, byte for byte, for a replay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.casefile.application.decision import Receipt
from services.casefile.domain.entry import Entry
from services.casefile.log.commit import Answered
from services.casefile.log.mapper import Draft


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a receipt with the command; its place in the log is joined in."""

    case_id: UUID
    record_id: UUID
    kind: str
    version: int
    warnings: tuple[str, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Answer).decode


def answer_of(draft: Draft, warnings: Sequence[str] = ()) -> Answer:
    return Answer(
        draft.originator_id,
        draft.env.record_id,
        draft.kind.slug,
        draft.originator_version,
        tuple(warnings),
    )


def encoded(answer: Answer) -> bytes:
    return _encode(answer)


def receipt(answer: Answer, position: int, reached: int, recorded_at: datetime) -> Receipt:
    return Receipt(
        case_id=answer.case_id,
        record_id=answer.record_id,
        kind=answer.kind,
        version=answer.version,
        position=position,
        reached=reached,
        recorded_at=recorded_at,
        warnings=answer.warnings,
    )


def replayed(answered: Answered) -> Receipt:
    answer = _decode(answered.answer)
    place = answered.events.index((answer.case_id, answer.version))
    first = receipt(
        answer, answered.positions[place], max(answered.positions), answered.recorded_at
    )
    return msgspec.structs.replace(first, is_replay=True)


def receipt_of(entry: Entry) -> Receipt:
    """The receipt of a record that is in the log already."""
    return Receipt(
        case_id=entry.stream_id,
        record_id=entry.env.record_id,
        kind=entry.kind.slug,
        version=entry.version,
        position=entry.position,
        reached=entry.position,
        recorded_at=entry.recorded_at,
        is_replay=True,
    )
