"""Inspections as commands: opened at a cut that is pinned then, drawn by lot, closed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt
from services.casefile.application.ids import uuid7
from services.casefile.application.recording import Judge, step
from services.casefile.application.stream import Stream
from services.casefile.application.streams import Streams
from services.casefile.application.submissions import (
    NotOfItsForm,
    Submissions,
    Submitted,
    check_id,
    typed,
)
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.families.inspection import (
    InspectionClosed,
    InspectionOpened,
    SampleDrawn,
    StratifiedBy,
)
from services.casefile.domain.inspection_refusals import (
    InspectionNotFound,
    ScopeEmpty,
    SeedAlreadyUsed,
)
from services.casefile.domain.record import Record
from services.casefile.domain.sampling import ALGORITHM, ALGORITHM_VERSION, Seed, draw
from services.casefile.history.pinning import Pinned, Pinning
from services.casefile.history.population import Populations, Scope

# What is worked out here, and is nobody's to say.
REACHED = ("position",)
COUNTED = (
    "algorithm", "algorithm_version", "population_size", "population_hash", "cases", "strata",
)  # fmt: skip


class CutAsked(msgspec.Struct, frozen=True):
    """The cut as it is asked for; what is left out is now."""

    as_of: date | None = None
    known_at: Annotated[datetime, Meta(tz=True)] | None = None


class DrawAsked(msgspec.Struct, frozen=True):
    """How a sample is to be drawn."""

    seed: Seed
    sample_size: Annotated[int, Meta(ge=1, le=5000)]
    stratified_by: StratifiedBy = "none"
    at_least_one: bool = False


class Inspecting:
    """Opens, draws and closes."""

    def __init__(
        self,
        writer: Writer,
        submissions: Submissions,
        judge: Judge,
        streams: Streams,
        pinning: Pinning,
        populations: Populations,
        catalogue: Catalogue,
    ) -> None:
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._streams = streams
        self._pinning = pinning
        self._populations = populations
        self._catalogue = catalogue

    def open(self, body: Mapping[str, Any], context: Context) -> Receipt:
        """A record id sent along is the inspection's id, so that opening again finds the first."""
        refuse_own(body, REACHED)
        inspection_id = record_id_in(body, context) or uuid7()
        known = self._streams.fresh(inspection_id).records.get(inspection_id)
        asked = typed({k: v for k, v in body.items() if k in CutAsked.__struct_fields__}, CutAsked)
        cut = cut_of(known.rec) if known is not None else self._pinned(asked)
        whole = {**cut, **body, "record_id": str(inspection_id)}
        submitted = self._read(InspectionOpened, whole, context)
        if known is None:
            self._refuse_empty(submitted.rec)
        return self._write(inspection_id, submitted, context)

    def draw(self, inspection_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """The population is that of the scope at the cut, which was pinned before the seed."""
        refuse_own(body, COUNTED)
        asked = typed(
            {k: v for k, v in body.items() if k in DrawAsked.__struct_fields__}, DrawAsked
        )
        stream = self._streams.fresh(inspection_id)
        drawn = self._drawn_before(stream, body) or self._drawn(stream, asked)
        submitted = self._read(SampleDrawn, {**body, **drawn}, context)
        return self._write(inspection_id, submitted, context)

    def close(self, inspection_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Refused while findings are open, unless it says that they stay so."""
        return self._write(inspection_id, self._read(InspectionClosed, body, context), context)

    def _pinned(self, asked: CutAsked) -> dict[str, Any]:
        pinned = self._pinning.pin(asked.as_of, asked.known_at)
        return {name: plain(value) for name, value in msgspec.structs.asdict(pinned).items()}

    def _refuse_empty(self, rec: Record) -> None:
        assert isinstance(rec, InspectionOpened)
        pinned = Pinned(rec.as_of, rec.position, rec.known_at)
        if self._populations.is_empty(Scope(rec.unit, pinned, rec.since)):
            raise ScopeEmpty(unit=rec.unit)

    def _drawn_before(self, stream: Stream, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a sample that is sent again came to."""
        try:
            known = stream.records.get(UUID(str(body.get("record_id"))))
        except ValueError:
            return None
        if known is None or not isinstance(known.rec, SampleDrawn):
            return None
        return {name: plain(getattr(known.rec, name)) for name in COUNTED}

    def _drawn(self, stream: Stream, asked: DrawAsked) -> dict[str, Any]:
        if "inspection.unit" not in stream.facts:
            raise InspectionNotFound
        if f"samples.{asked.seed}" in stream.facts:
            raise SeedAlreadyUsed(seed=asked.seed)
        found = self._populations.of(Scope.of(stream.facts))
        strata = {case_id: placed.of(asked.stratified_by) for case_id, placed in found.items()}
        drawn = draw(strata, asked.seed, asked.sample_size, at_least_one=asked.at_least_one)
        counted = {
            "algorithm": ALGORITHM,
            "algorithm_version": ALGORITHM_VERSION,
            "population_size": drawn.population,
            "population_hash": drawn.population_hash,
            "cases": drawn.cases,
            "strata": drawn.strata,
        }
        return {name: plain(value) for name, value in counted.items()}

    def _read(self, of: type[Record], body: Mapping[str, Any], context: Context) -> Submitted:
        return self._submissions.read(self._catalogue.of(of), body, context)

    def _write(self, inspection_id: UUID, submitted: Submitted, context: Context) -> Receipt:
        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[inspection_id]
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._judge.admit(stream, submitted)
            return Decision(steps=(step(inspection_id, submitted),))

        return self._writer.write([inspection_id], decide, context)


def refuse_own(body: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    for name in fields:
        if name in body:
            raise NotOfItsForm(name, "Object contains a field that is worked out, not sent")


def record_id_in(body: Mapping[str, Any], context: Context) -> UUID | None:
    sent: UUID | None = typed({"id": body.get("record_id")}, Sent).id
    check_id(sent, context)
    return sent


class Sent(msgspec.Struct):
    """The id a caller gave, if any."""

    id: UUID | None


def cut_of(rec: Record) -> dict[str, Any]:
    """The cut an inspection was opened at, for one that is sent again."""
    names = ("as_of", "position", "known_at")
    return {n: plain(getattr(rec, n)) for n in names if hasattr(rec, n)}


def plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
