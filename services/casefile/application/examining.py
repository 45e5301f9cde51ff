"""Examinations and callbacks: records of sampled cases, judged by somebody who had no part in them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt, Step
from services.casefile.application.recording import Judge, step
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submissions, Submitted
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import under
from services.casefile.domain.families.examination import (
    CallbackMade,
    OfSampledCase,
    RecordConfirmed,
    RecordExamined,
)
from services.casefile.domain.families.finding import authors_of
from services.casefile.domain.inspection_refusals import NotApart
from services.casefile.domain.refusals import RecordNotFound


class Examining:
    """Writes into the inspection; into the file goes only that somebody confirmed a record."""

    def __init__(
        self, writer: Writer, submissions: Submissions, judge: Judge, catalogue: Catalogue
    ) -> None:
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._catalogue = catalogue

    def examine(self, inspection_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: case, record, against, result, optional note."""
        kind = self._catalogue.of(RecordExamined)
        return self._write(inspection_id, self._submissions.read(kind, body, context), context)

    def call_back(self, inspection_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: case, record, spoke_with, means, result, optional note."""
        kind = self._catalogue.of(CallbackMade)
        return self._write(inspection_id, self._submissions.read(kind, body, context), context)

    def _write(self, inspection_id: UUID, submitted: Submitted, context: Context) -> Receipt:
        rec = submitted.rec
        assert isinstance(rec, OfSampledCase)

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream, file = loaded[inspection_id], loaded[rec.case]
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._judge.admit(stream, submitted)
            refuse_involved(submitted, file, record_in(file, rec.record))
            steps = (step(inspection_id, submitted), *self._confirmed(inspection_id, submitted))
            return Decision(steps=steps)

        return self._writer.write([inspection_id, rec.case], decide, context)

    def _confirmed(self, inspection_id: UUID, submitted: Submitted) -> tuple[Step, ...]:
        call = submitted.rec
        if not isinstance(call, CallbackMade) or call.result != "confirmed":
            return ()
        assert call.spoke_with != "nobody"
        env = msgspec.structs.replace(
            submitted.env,
            record_id=uuid5(submitted.env.record_id, "confirmation"),
            source="system",
            late_reason=None,
            evidence=(),
        )
        rec = RecordConfirmed(
            target=call.record, inspection=inspection_id, spoke_with=call.spoke_with
        )
        return (Step(call.case, self._catalogue.of(RecordConfirmed), env, rec),)


def record_in(file: Stream, record_id: UUID) -> Entry:
    """The record of a child's file, whether it still counts or not."""
    entry = file.records.get(record_id)
    if entry is None or entry.kind.slug == "keys":
        raise RecordNotFound
    return entry


def refuse_involved(submitted: Submitted, file: Stream, examined: Entry) -> None:
    """Whoever made the record, or is answerable for the child, does not judge it."""
    workers = {fact.value["staff"] for fact in under(file.facts, "workers").values()}
    original = examined.amended.original if examined.amended else examined
    involved = workers | authors_of(examined.env) | authors_of(original.env)
    if authors_of(submitted.env) & involved:
        raise NotApart
