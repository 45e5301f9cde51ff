"""Findings as commands: raised and decided by the inspection, answered by those concerned."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.casefile.application.context import Actor, Context
from services.casefile.application.decision import Decision, Receipt
from services.casefile.application.examining import record_in
from services.casefile.application.recording import Judge, step
from services.casefile.application.stream import Stream
from services.casefile.application.streams import Streams
from services.casefile.application.submissions import Submissions, Submitted
from services.casefile.application.writer import Writer
from services.casefile.domain.cadence.conditions import PLACES
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.facts import Facts, under, value
from services.casefile.domain.families.finding import (
    ExplanationGiven,
    FindingDecided,
    FindingRaised,
    RectificationRecorded,
)
from services.casefile.domain.inspection_refusals import NotConcerned
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import CaseNotFound
from services.casefile.rulebooks.units import UnitTree

Check = Callable[[Mapping[UUID, Stream]], None]


class Findings:
    """Raises, answers and decides."""

    def __init__(
        self,
        writer: Writer,
        submissions: Submissions,
        judge: Judge,
        streams: Streams,
        units: UnitTree,
        catalogue: Catalogue,
    ) -> None:
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._streams = streams
        self._units = units
        self._catalogue = catalogue

    def raise_finding(
        self, inspection_id: UUID, body: Mapping[str, Any], context: Context
    ) -> Receipt:
        """Body: finding_code, severity, reply_by, deadline, text; case, record, worker, unit."""
        submitted = self._read(FindingRaised, body, context)
        rec = submitted.rec
        assert isinstance(rec, FindingRaised)
        case = rec.case

        def check(loaded: Mapping[UUID, Stream]) -> None:
            if case is not None and "status" not in loaded[case].facts:
                raise CaseNotFound
            if case is not None and rec.record is not None:
                record_in(loaded[case], rec.record)

        others = [case] if case is not None else []
        return self._write(inspection_id, submitted, context, check, others)

    def explain(self, inspection_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: finding, text. Only those concerned."""
        return self._answer(inspection_id, self._read(ExplanationGiven, body, context), context)

    def rectify(self, inspection_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: finding, measure, text. Only those concerned."""
        submitted = self._read(RectificationRecorded, body, context)
        return self._answer(inspection_id, submitted, context)

    def decide(self, inspection_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: finding, outcome, optional text."""
        return self._write(inspection_id, self._read(FindingDecided, body, context), context)

    def is_concerned(self, actor: Actor, finding: Mapping[str, Any], today: date) -> bool:
        """The worker named; who answers for the child; who works in the unit named, or above."""
        author = actor.author
        file = self._streams.fresh(finding["case"]).facts if finding["case"] else {}
        if author.staff in {finding["worker"], *workers_of(file)}:
            return True
        about = finding["unit"]
        if about is not None and about in self._units.chain(author.unit, today):
            return True
        units = (unit for unit in (about, *places_of(file)) if unit is not None)
        return any(author.unit in self._units.chain(unit, today) for unit in units)

    def _answer(self, inspection_id: UUID, submitted: Submitted, context: Context) -> Receipt:
        def check(loaded: Mapping[UUID, Stream]) -> None:
            rec = submitted.rec
            assert isinstance(rec, ExplanationGiven | RectificationRecorded)
            finding = value(loaded[inspection_id].facts, f"findings.{rec.finding}")
            if not self.is_concerned(context.actor, finding, self._submissions.today()):
                raise NotConcerned

        return self._write(inspection_id, submitted, context, check)

    def _read(self, of: type[Record], body: Mapping[str, Any], context: Context) -> Submitted:
        return self._submissions.read(self._catalogue.of(of), body, context)

    def _write(
        self,
        inspection_id: UUID,
        submitted: Submitted,
        context: Context,
        check: Check = lambda _: None,
        others: list[UUID] | None = None,
    ) -> Receipt:
        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[inspection_id]
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._judge.admit(stream, submitted)
            check(loaded)
            return Decision(steps=(step(inspection_id, submitted),))

        return self._writer.write([inspection_id, *(others or [])], decide, context)


def workers_of(file: Facts) -> Iterator[str]:
    yield from (fact.value["staff"] for fact in under(file, "workers").values())


def places_of(file: Facts) -> Iterator[str]:
    """The units a child belongs to directly."""
    yield from (place for name in PLACES if (place := value(file, f"child.{name}")) is not None)
