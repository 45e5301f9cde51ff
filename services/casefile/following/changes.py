"""What a stretch of the log changes in one model: worked out case by case, so that one that
cannot be worked out is parked and the others go on."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.following.errors import TRANSIENT
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row
from services.casefile.following.pages import Page, Streams
from services.casefile.following.parking import Parked, reason_of

T = TypeVar("T")
CaseRows = Mapping[str, Sequence[Row]]


class Changes:
    """Cases to write anew, rows to add to what is there, and cases to park."""

    def __init__(self) -> None:
        self.restated: dict[UUID, CaseRows] = {}
        self.added: dict[UUID, CaseRows] = {}
        self.parked: dict[UUID, Parked] = {}

    def park(self, case_id: UUID, position: int, error: Exception) -> None:
        self.restated.pop(case_id, None)
        self.added.pop(case_id, None)
        self.parked[case_id] = Parked(case_id, position, reason_of(error))

    def attempt(self, case_id: UUID, position: int, work: Callable[[], T]) -> T | None:
        """The work's outcome; if it fails for good, the case is parked."""
        try:
            return work()
        except (*TRANSIENT, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001
            self.park(case_id, position, error)
            return None

    def restate(self, model: Model, cases: Sequence[Folded]) -> None:
        """All rows of these cases, from their whole streams."""
        model.prepare(cases)
        for case in cases:
            self.restate_one(model, case)

    def restate_one(self, model: Model, case: Folded) -> None:
        """The same for one case, whose model is prepared for it."""
        rows = self.attempt(case.id, case.last_position, lambda: listed(model.rows(case)))
        if rows is not None:
            self.restated[case.id] = rows

    def add(self, model: Model, case_id: UUID, entries: Sequence[Entry]) -> None:
        at = entries[0].position
        rows = self.attempt(case_id, at, lambda: listed(model.added(entries)))
        if rows:
            self.added[case_id] = rows


def changes_of(
    model: Model, page: Page, after: int, held: Collection[UUID], streams: Streams
) -> Changes:
    """What the page changes for a model that has seen the log up to `after`."""
    changes = Changes()
    for case in page.unreadable:
        if case.position > after and case.case_id not in held:
            changes.parked.setdefault(case.case_id, case)
    anew: list[UUID] = []
    for case_id, entries in by_case(page.entries, after, held, changes.parked).items():
        at = entries[0].position
        restates = changes.attempt(case_id, at, lambda e=entries: restated(model, e))  # type: ignore[misc]
        if restates:
            anew.append(case_id)
        elif restates is not None:
            changes.add(model, case_id, entries)
    changes.restate(model, streams.of(anew))
    return changes


def restated(model: Model, entries: Sequence[Entry]) -> bool:
    return any(entry.kind.amends or model.restates(entry) for entry in entries)


def by_case(
    entries: Iterable[Entry], after: int, *without: Collection[UUID]
) -> dict[UUID, list[Entry]]:
    cases: dict[UUID, list[Entry]] = {}
    for entry in entries:
        if entry.position > after and not any(entry.stream_id in some for some in without):
            cases.setdefault(entry.stream_id, []).append(entry)
    return cases


def listed(rows: Mapping[str, Iterable[Row]]) -> CaseRows:
    return {table: found for table, each in rows.items() if (found := list(each))}
