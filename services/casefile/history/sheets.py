"""The sheets an inspector takes along: what to hold against evidence, and whom to call back.

Every case reads as it stood at the inspection's cut; what has been looked at already stands beside
it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.obligation import Obligation
from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.evidence_to_ask import evidence_to_ask, is_worth_asking
from services.casefile.domain.facts import Facts, fold, under, value
from services.casefile.history.cohort import AtCut, Cohort, Seen
from services.casefile.history.inspections import InspectionReader
from services.casefile.history.obligation_rows import Speaking
from services.casefile.history.population import Scope
from services.casefile.history.rows import lag_days
from services.casefile.history.sheet_rows import (
    CallbackSheet,
    CaseSheet,
    Contact,
    Owed,
    RecordToExamine,
    SheetPage,
    Worker,
)
from services.casefile.log.disclosure import Disclosure

REACHED = (
    "guardian.name", "guardian.relation", "guardian.phone", "guardian.second.name",
    "guardian.second.phone", "parents.father.name", "parents.father.phone", "parents.mother.name",
    "parents.mother.phone", "child.home_phone",
)  # fmt: skip


class Asked(NamedTuple):
    """What a sheet is made of: the inspection's facts, its cut, its time."""

    facts: Facts
    at: AtCut
    since: date
    until: date

    def falls_within(self, day: date) -> bool:
        return self.since <= day <= self.until


class Sheets:
    """Reads the sampled files at the cut, a page of them at a time."""

    def __init__(self, cohort: Cohort, reader: InspectionReader) -> None:
        self._cohort = cohort
        self._reader = reader

    def examination(self, inspection_id: UUID, after: int = 0, limit: int = 20) -> SheetPage:
        """For every sampled case: its records, what was owed, and what can be asked for."""
        asked = self._asked(inspection_id)
        drawn, following = page_of(asked.facts, after, limit)
        rows = tuple(self._examined(asked, case_id, seed) for case_id, seed in drawn)
        return sheet_page(inspection_id, asked, rows, following)

    def callbacks(self, inspection_id: UUID, after: int = 0, limit: int = 20) -> SheetPage:
        """For every sampled case: whom to call, and about which contacts."""
        asked = self._asked(inspection_id)
        drawn, following = page_of(asked.facts, after, limit)
        rows = tuple(self._called(asked, case_id, seed) for case_id, seed in drawn)
        return sheet_page(inspection_id, asked, rows, following)

    def _asked(self, inspection_id: UUID) -> Asked:
        facts = self._reader.facts(inspection_id)
        at = self._cohort.at(Scope.of(facts).pinned)
        since, until = value(facts, "inspection.since"), value(facts, "inspection.until")
        return Asked(facts, at, since, until)

    def _examined(self, asked: Asked, case_id: UUID, seed: str) -> CaseSheet:
        seen = asked.at.case(case_id)
        shown = self._disclosure(seen)
        return CaseSheet(
            case=case_id,
            seed=seed,
            name=told(seen, "child.name", shown),
            sex=value(seen.facts, "child.sex"),
            grade=value(seen.facts, "child.grade"),
            school=value(seen.facts, "child.school"),
            class_unit=value(seen.facts, "child.class_unit"),
            village=value(seen.facts, "child.village"),
            status=value(seen.facts, "status"),
            workers=tuple(workers(seen)),
            records=tuple(to_examine(asked, case_id, seen.entries)),
            owed=tuple(owed(asked, seen)),
        )

    def _called(self, asked: Asked, case_id: UUID, seed: str) -> CallbackSheet:
        seen = asked.at.case(case_id)
        shown = self._disclosure(seen)
        reached = {path: told(seen, path, shown) for path in REACHED if path in seen.facts}
        return CallbackSheet(
            case=case_id,
            seed=seed,
            name=told(seen, "child.name", shown),
            reached=reached,
            contacts=tuple(to_call(asked, case_id, seen.current)),
        )

    def _disclosure(self, seen: Seen) -> Disclosure:
        """Keys count from the moment they were committed to, whatever day was looked at."""
        return self._reader.disclosure(seen.id, fold(seen.recorded))


def page_of(facts: Facts, after: int, limit: int) -> tuple[list[tuple[UUID, str]], int | None]:
    """So many of the sampled cases after the first so many."""
    sampled = [(UUID(case_id), fact.value) for case_id, fact in under(facts, "sampled").items()]
    rest = sampled[after:]
    return rest[:limit], after + limit if len(rest) > limit else None


def sheet_page(inspection_id: UUID, asked: Asked, rows: Any, following: int | None) -> SheetPage:
    pinned = asked.at.pinned
    return SheetPage(
        inspection_id=inspection_id,
        unit=value(asked.facts, "inspection.unit"),
        since=asked.since,
        until=asked.until,
        as_of=pinned.as_of,
        position=pinned.position,
        known_at=pinned.known_at,
        cases=len(under(asked.facts, "sampled")),
        rows=rows,
        next=following,
    )


def to_examine(asked: Asked, case_id: UUID, entries: Sequence[Entry]) -> Iterator[RecordToExamine]:
    for entry in entries:
        if entry.kind.slug == "keys" or not asked.falls_within(entry.occurred_on):
            continue
        yield RecordToExamine(
            record_id=entry.record_id,
            kind=entry.kind.slug,
            occurred_on=entry.occurred_on,
            recorded_at=entry.recorded_at,
            lag_days=lag_days(entry),
            by=entry.env.performed_by or entry.env.recorded_by,
            corrected=bool(entry.amended and entry.amended.corrections),
            annulled=entry.is_annulled,
            ask_for=tuple(evidence_to_ask(entry.kind)),
            result=result_of(asked, "examined", case_id, entry),
            called_back=result_of(asked, "callbacks", case_id, entry),
        )


def to_call(asked: Asked, case_id: UUID, entries: Sequence[Entry]) -> Iterator[Contact]:
    for entry in entries:
        if is_worth_asking(entry.kind) and asked.falls_within(entry.occurred_on):
            yield Contact(
                record_id=entry.record_id,
                kind=entry.kind.slug,
                occurred_on=entry.occurred_on,
                by=entry.env.performed_by or entry.env.recorded_by,
                result=result_of(asked, "callbacks", case_id, entry),
            )


def result_of(asked: Asked, path: str, case_id: UUID, entry: Entry) -> str | None:
    found = value(asked.facts, f"{path}.{case_id}.{entry.record_id}")
    return None if found is None else str(found["result"])


def owed(asked: Asked, seen: Seen) -> Iterator[Owed]:
    at = asked.at
    speaking = Speaking(at.rulebook.rulings, effective(seen.recorded), at.judged_at)
    for obligation in seen.obligations:
        if is_within(asked, obligation):
            row = speaking.row(obligation)
            yield Owed(
                policy=row.policy,
                policy_version=row.policy_version,
                rule=row.rule,
                title=row.title,
                window=row.window,
                due_on=row.due_on,
                state=row.state,
                in_window=row.in_window,
                entered_in_time=row.entered_in_time,
                proofs=tuple(said.record_id for said in row.proofs),
            )


def is_within(asked: Asked, obligation: Obligation) -> bool:
    window = obligation.window
    return window.ends_on >= asked.since and window.starts_on <= asked.until


def workers(seen: Seen) -> Iterator[Worker]:
    for role, fact in sorted(under(seen.facts, "workers").items()):
        yield Worker(role, fact.value["staff"])


def told(seen: Seen, path: str, disclosure: Disclosure) -> Any:
    fact = seen.facts.get(path)
    return None if fact is None else disclosure.fact(fact)
