"""One inspection, folded from its stream whenever somebody asks: what was done, found and answered."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author
from services.casefile.domain.facts import Facts, fold, under
from services.casefile.domain.families.examination import CallbackMade, RecordExamined
from services.casefile.domain.families.finding import (
    ExplanationGiven,
    FindingDecided,
    FindingRaised,
    RectificationRecorded,
)
from services.casefile.domain.families.inspection import (
    InspectionClosed,
    InspectionOpened,
    SampleDrawn,
)
from services.casefile.domain.inspection_refusals import FindingNotFound, InspectionNotFound
from services.casefile.domain.inspection_state import is_overdue, state_of
from services.casefile.domain.record import Record
from services.casefile.history.inspection_rows import (
    Closing,
    FindingShown,
    InspectionShown,
    Looked,
    Said,
    SampleShown,
)
from services.casefile.log.disclosure import Disclosure
from services.casefile.log.keyring import Keyring
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder

R = TypeVar("R", bound=Record)


class InspectionReader:
    """Reads one stream; nothing is stored, so nothing can be stale."""

    def __init__(
        self, recorder: CasefileRecorder, mapper: CasefileMapper, keyring: Keyring
    ) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self._keyring = keyring

    def show(self, inspection_id: UUID, today: date) -> InspectionShown:
        """All there is, in one piece: an inspection is as long as a person works on it."""
        return InspectionView(self, inspection_id, today).shown()

    def finding(self, inspection_id: UUID, finding: UUID, today: date) -> FindingShown:
        found = InspectionView(self, inspection_id, today).findings()
        shown = next((each for each in found if each.finding == finding), None)
        if shown is None:
            raise FindingNotFound
        return shown

    def facts(self, inspection_id: UUID) -> Facts:
        return fold(self.entries(inspection_id))

    def entries(self, inspection_id: UUID) -> list[Entry]:
        entries = self._mapper.entries(inspection_id, self._recorder.stream(inspection_id))
        if not any(isinstance(entry.rec, InspectionOpened) for entry in entries):
            raise InspectionNotFound
        return entries

    def disclosure(self, stream_id: UUID, facts: Facts) -> Disclosure:
        commitments = {key: fact.value for key, fact in under(facts, "keys").items()}
        return Disclosure(stream_id, self._keyring.readable(stream_id, commitments), commitments)


class InspectionView:
    """One inspection while it is being shown."""

    def __init__(self, reader: InspectionReader, inspection_id: UUID, today: date) -> None:
        self.id = inspection_id
        self._entries = reader.entries(inspection_id)
        self._facts = fold(self._entries)
        self._disclosure = reader.disclosure(inspection_id, self._facts)
        self._today = today

    def shown(self) -> InspectionShown:
        entry, rec = next(self._of(InspectionOpened))
        own = plainly(rec, InspectionShown)
        return InspectionShown(
            **(own | {"note": self._words(entry).get("note")}),
            inspection_id=self.id,
            version=self._entries[-1].version,
            state=self._facts["inspection.state"].value,
            opened_on=entry.occurred_on,
            opened_by=author(entry),
            samples=tuple(sample(*each) for each in self._of(SampleDrawn)),
            examinations=tuple(self._looked(RecordExamined, "examined")),
            callbacks=tuple(self._looked(CallbackMade, "callbacks")),
            findings=tuple(self.findings()),
            closing=self._closing(),
        )

    def findings(self) -> Iterator[FindingShown]:
        for entry, rec in self._of(FindingRaised):
            state = state_of(self._facts, str(entry.record_id))
            yield FindingShown(
                **(plainly(rec, FindingShown) | {"text": self._words(entry).get("text")}),
                inspection_id=self.id,
                finding=entry.record_id,
                raised_on=entry.occurred_on,
                raised_by=author(entry),
                state=state,
                overdue=is_overdue(state, rec.deadline, self._today),
                said=tuple(self._said(entry.record_id)),
            )

    def _said(self, finding: UUID) -> Iterator[Said]:
        for entry in self._entries:
            rec = entry.rec
            if not isinstance(rec, ExplanationGiven | RectificationRecorded | FindingDecided):
                continue
            if rec.finding == finding:
                yield Said(
                    record_id=entry.record_id,
                    kind=entry.kind.slug,
                    occurred_on=entry.occurred_on,
                    recorded_at=entry.recorded_at,
                    by=author(entry),
                    text=self._words(entry).get("text"),
                    measure=getattr(rec, "measure", None),
                    outcome=getattr(rec, "outcome", None),
                )

    def _looked(self, of: type[RecordExamined] | type[CallbackMade], path: str) -> Iterator[Looked]:
        for entry, rec in self._of(of):
            latest = self._facts[f"{path}.{rec.case}.{rec.record}"].entry
            own = plainly(rec, Looked) | {"note": self._words(entry).get("note")}
            yield Looked(
                **own,
                record_id=entry.record_id,
                kind=entry.kind.slug,
                occurred_on=entry.occurred_on,
                by=author(entry),
                counts=latest.record_id == entry.record_id,
            )

    def _closing(self) -> Closing | None:
        found = next(self._of(InspectionClosed), None)
        if found is None:
            return None
        entry, rec = found
        return Closing(
            closed_on=entry.occurred_on,
            by=author(entry),
            outcome=rec.outcome,
            summary=self._words(entry).get("summary"),
            leaves_open=rec.leaves_open,
        )

    def _of(self, cls: type[R]) -> Iterator[tuple[Entry, R]]:
        for entry in self._entries:
            if isinstance(entry.rec, cls):
                yield entry, entry.rec

    def _words(self, entry: Entry) -> Mapping[str, Any]:
        return self._disclosure.entry(entry)


def sample(entry: Entry, rec: SampleDrawn) -> SampleShown:
    return SampleShown(
        **plainly(rec, SampleShown),
        record_id=entry.record_id,
        drawn_on=entry.occurred_on,
        drawn_by=author(entry),
    )


def author(entry: Entry) -> Author:
    return entry.env.performed_by or entry.env.recorded_by


def plainly(rec: Record, form: type[msgspec.Struct]) -> dict[str, Any]:
    """The fields that a record and the form have in common."""
    names: Sequence[str] = rec.__struct_fields__
    return {name: getattr(rec, name) for name in names if name in form.__struct_fields__}
