"""The batch that an offline device sends: many records, one answer for each, safe to repeat."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.api.errors import status_of
from services.casefile.api.exchange import Exchange
from services.casefile.api.incoming import BATCH
from services.casefile.api.operations import Call, Operation
from services.casefile.api.outgoing import JSON, Place, Recorded, recorded
from services.casefile.api.problems import Answer, problem
from services.casefile.application.batching import Item, Result
from services.casefile.application.casefile import Casefile
from services.casefile.application.decision import Receipt
from services.casefile.application.submissions import typed
from services.casefile.domain.refusals import Invalid

CASE = Place("case")
_encode = msgspec.json.Encoder().encode


class RecordIdRequired(Invalid):
    """A record of a batch carries its own record_id, so that the batch may be sent again."""

    field = "record_id"
    remedy = "Let the device make a UUID for every record."


class BatchRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record, for one child."""

    case_id: UUID
    kind: Annotated[str, Meta(max_length=64)]
    record: dict[str, Any]


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device has gathered."""

    records: Annotated[list[BatchRecord], Meta(min_length=1, max_length=500)]


class BatchResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one record: the receipt, or the problem."""

    status: int
    receipt: Recorded | None = None
    problem: dict[str, Any] | None = None


class BatchAnswer(msgspec.Struct, frozen=True):
    """One result for every record, in the order sent."""

    stored: int
    refused: int
    results: list[BatchResult]


class Batches:
    def __init__(self, casefile: Casefile) -> None:
        self._casefile = casefile

    def record(self, call: Call) -> Answer:
        batch: Batch = typed(call.data, Batch)
        results = self._recorded(batch.records, call)
        positions = [r.reached for r in results if isinstance(r, Receipt)]
        headers = [JSON, (b"casefile-position", str(max(positions, default=0)).encode())]
        shown = [shown_result(r, call.exchange) for r in results]
        answer = BatchAnswer(len(positions), len(results) - len(positions), shown)
        return Answer(200, _encode(answer), headers)

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "/v1/batch", "record", self.record, "Record many", "records",
                body=Batch, result=BatchAnswer, limit=BATCH,
            )
        ]  # fmt: skip

    def _recorded(self, records: list[BatchRecord], call: Call) -> list[Result]:
        items = [Item(r.case_id, r.kind, r.record) for r in records]
        named = [item for item in items if "record_id" in item.body]
        found = iter(self._casefile.record_batch(named, call.context(source="mobile")))
        return [next(found) if "record_id" in i.body else RecordIdRequired() for i in items]


def shown_result(result: Result, exchange: Exchange) -> BatchResult:
    if isinstance(result, Receipt):
        return BatchResult(200 if result.is_replay else 201, recorded(result, CASE))
    return BatchResult(status_of(result), problem=problem(result, exchange))
