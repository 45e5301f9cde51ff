"""Hands the rows of one table in: each is stored, found unchanged, or refused with its problems."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from services.casefile.application.batching import Item, Result
from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt
from services.casefile.domain.refusals import AlreadyOnFile, CasefileError, NotOnFile, UnitNotFound
from services.casefile.domain.stream_ids import staff_stream, unit_stream
from services.casefile.importing import faults
from services.casefile.importing.children import Children, given
from services.casefile.importing.desk import Desk
from services.casefile.importing.faults import Fault, Wrong, fault_of
from services.casefile.importing.forms import ROSTER, STAFF, UNITS
from services.casefile.importing.on_file import refuse_other_data
from services.casefile.importing.row_ids import RowIds
from services.casefile.importing.rows import Row
from services.casefile.log.errors import CommitRejected, LogUnavailable
from services.casefile.log.keyring_errors import KeyringUnavailable

BATCH = 200
NOT_THE_ROWS_FAULT = (LogUnavailable, CommitRejected, KeyringUnavailable)


class Postponed(NamedTuple):
    """A record that refers to what is not on file yet; a later row may bring it."""

    item: Item
    fault: Fault


Verdict = Receipt | Fault | Postponed | None
"""Stored (or stored before), refused, to be tried again, or on file already."""
Verdicts = Iterator[tuple[Row, Verdict]]


class Intake:
    """Takes in the rows of one file."""

    def __init__(self, desk: Desk, context: Context) -> None:
        self._desk = desk
        self._context = context
        self._children = Children(desk)
        self._ids = RowIds(desk.index)

    def take(self, slug: str, rows: Iterable[Row]) -> Verdicts:
        """A verdict for every row, in an order of its own."""
        if slug == UNITS:
            return self._units(rows)
        if slug in (STAFF, ROSTER):
            take = self._staff if slug == STAFF else self._opening
            return ((row, self._tried(take, row)) for row in rows)
        return self._records(slug, rows)

    def _tried(self, take: Callable[[Row], Verdict], row: Row) -> Verdict:
        if row.faults:
            return row.faults[0]
        try:
            return take(row)
        except Fault as fault:
            return fault
        except NOT_THE_ROWS_FAULT:
            raise
        except CasefileError as refusal:
            return fault_of(refusal)

    def _opening(self, row: Row) -> Verdict:
        if given(row.body) is None:
            raise Fault(faults.NO_NUMBER)
        case_id = self._children.found(row.body)
        if case_id is None:
            return self._desk.commands.open_case({"found_by": "ledger", **row.body}, self._context)
        stream = self._desk.streams.fresh(case_id)
        refuse_other_data(self._desk, stream, ROSTER, row.body, faults.OTHER_DATA)
        return None

    def _units(self, rows: Iterable[Row]) -> Verdicts:
        """A unit may stand above the one it belongs to, so those left over are tried again."""
        pending = list(rows)
        while pending:
            verdicts = [(row, self._tried(self._unit, row)) for row in pending]
            waiting = [row for row, verdict in verdicts if _waits(verdict)]
            if len(waiting) == len(pending):
                yield from verdicts
                return
            yield from ((row, verdict) for row, verdict in verdicts if not _waits(verdict))
            pending = waiting

    def _unit(self, row: Row) -> Verdict:
        code = str(row.body["code"])
        try:
            return self._desk.commands.record_unit(code, UNITS, row.body, self._context)
        except AlreadyOnFile:
            self._on_file(unit_stream(code), UNITS, row, faults.OTHER_UNIT)
            return None

    def _staff(self, row: Row) -> Verdict:
        staff, name = str(row.body["staff"]), row.child.get("name")
        receipt: Receipt | None = None
        try:
            receipt = self._desk.commands.record_staff(staff, STAFF, row.body, self._context)
        except AlreadyOnFile:
            self._on_file(staff_stream(staff), STAFF, row, faults.OTHER_STAFF)
        if name and self._desk.names.name_of(staff) != name:
            self._desk.names.set_name(staff, name)
        return receipt

    def _on_file(self, stream_id: UUID, slug: str, row: Row, wrong: Wrong) -> None:
        stream = self._desk.streams.fresh(stream_id)
        refuse_other_data(self._desk, stream, slug, row.body, wrong)

    def _records(self, slug: str, rows: Iterable[Row]) -> Verdicts:
        remaining = iter(rows)
        while batch := list(islice(remaining, BATCH)):
            yield from self._batch(slug, batch)

    def _batch(self, slug: str, batch: list[Row]) -> Verdicts:
        items: list[Item] = []
        asked: list[Row] = []
        for row in batch:
            prepared = self._item(slug, row)
            if isinstance(prepared, Fault):
                yield row, prepared
            else:
                items.append(prepared)
                asked.append(row)
        yield from zip(asked, self._recorded(items), strict=True)

    def again(self, postponed: Sequence[Postponed]) -> list[Verdict]:
        """Try again what had to wait for other rows of the file."""
        items = [one.item for one in postponed]
        batches = (items[start : start + BATCH] for start in range(0, len(items), BATCH))
        return [verdict for batch in batches for verdict in self._recorded(batch)]

    def _recorded(self, items: Sequence[Item]) -> list[Verdict]:
        results = self._desk.commands.record_batch(items, self._context)
        return [_verdict(item, result) for item, result in zip(items, results, strict=True)]

    def _item(self, slug: str, row: Row) -> Item | Fault:
        if row.faults:
            return row.faults[0]
        try:
            case_id = self._children.case_of(row.child)
        except Fault as fault:
            return fault
        record_id = self._ids.of(slug, str(case_id), row.body)
        return Item(case_id, slug, {**row.body, "record_id": record_id})


def _verdict(item: Item, result: Result) -> Verdict:
    if isinstance(result, Receipt):
        return result
    if isinstance(result, NOT_THE_ROWS_FAULT):
        raise result
    fault = fault_of(result)
    return Postponed(item, fault) if isinstance(result, NotOnFile) else fault


def _waits(verdict: Verdict) -> bool:
    if not isinstance(verdict, Fault):
        return False
    return verdict.refusal is UnitNotFound and verdict.path == "parent"
