"""Many records at once, as offline devices send them: per child one commit, per record one answer.

Every record carries its own id, so the same batch may be sent again without harm.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt, TooManyConflicts
from services.casefile.application.receipts import receipt_of
from services.casefile.application.recording import Judge, must_exist, step
from services.casefile.application.stream import Stream
from services.casefile.application.streams import Streams
from services.casefile.application.submissions import Submissions, Submitted
from services.casefile.application.writer import ATTEMPTS, Prepared, Writer, pause_before
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.refusals import CasefileError, UnknownKind
from services.casefile.log.commit import Appended
from services.casefile.log.errors import VersionConflict
from services.casefile.log.mapper import NOT_YET
from services.casefile.log.recorder import CasefileRecorder


class Item(msgspec.Struct, frozen=True):
    """One record of a batch. Its body has to carry a record_id."""

    case_id: UUID
    kind: str
    body: Mapping[str, Any]


UNSTORED = 0
Result = Receipt | CasefileError
Results = dict[int, Result]
Pending = Mapping[UUID, list[tuple[int, Submitted]]]


class Plan(msgspec.Struct, frozen=True):
    """What one child's part of a batch comes to: the items each of its steps answers."""

    places: list[list[int]]
    prepared: Prepared


class Batching:
    """Records a batch."""

    def __init__(
        self,
        recorder: CasefileRecorder,
        writer: Writer,
        streams: Streams,
        submissions: Submissions,
        judge: Judge,
        catalogue: Catalogue,
    ) -> None:
        self._recorder = recorder
        self._writer = writer
        self._streams = streams
        self._submissions = submissions
        self._judge = judge
        self._catalogue = catalogue

    def record(self, items: Sequence[Item], context: Context) -> list[Result]:
        """A receipt or a refusal for every item, in order."""
        results: Results = {}
        pending = self._read(items, context, results)
        load = self._streams.remembered
        for attempt in range(ATTEMPTS):
            pause_before(attempt)
            plans = self._plans(pending, context, results, load)
            pending = self._store(plans, pending, results)
            load = self._streams.fresh
            if not pending:
                break
        for places in pending.values():
            results.update((place, TooManyConflicts()) for place, _ in places)
        return [results[place] for place in range(len(items))]

    def _read(self, items: Sequence[Item], context: Context, results: Results) -> Pending:
        pending: defaultdict[UUID, list[tuple[int, Submitted]]] = defaultdict(list)
        for place, item in enumerate(items):
            try:
                submitted = self._submitted(item, context)
            except CasefileError as refusal:
                results[place] = refusal
            else:
                pending[item.case_id].append((place, submitted))
        return pending

    def _submitted(self, item: Item, context: Context) -> Submitted:
        kind = self._catalogue.slug(item.kind)
        if kind.stream != "case" or not kind.declared.recordable or kind.declared.exclusive:
            raise UnknownKind(item.kind)
        return self._submissions.read(kind, item.body, context)

    def _plans(
        self,
        pending: Pending,
        context: Context,
        results: Results,
        load: Any,
    ) -> list[Plan]:
        plans = []
        for case_id, submitted in pending.items():
            plan = self._plan(load(case_id), submitted, context, results)
            if plan is not None:
                plans.append(plan)
        return plans

    def _plan(
        self,
        stream: Stream,
        pending: Sequence[tuple[int, Submitted]],
        context: Context,
        results: Results,
    ) -> Plan | None:
        """Judge one child's records in order, each as if those before it were stored."""
        places: list[list[int]] = []
        steps, judged = [], stream
        for place, submitted in pending:
            try:
                known = self._known(judged, submitted)
            except CasefileError as refusal:
                if not stream.is_fresh:
                    return self._plan(self._streams.fresh(stream.id), pending, context, results)
                results[place] = refusal
                continue
            if known is not None and known.position == UNSTORED:
                places[known.version - stream.version - 1].append(place)
                continue
            if known is not None:
                results[place] = receipt_of(known)
                continue
            places.append([place])
            steps.append(step(stream.id, submitted))
            if place != pending[-1][0]:
                judged = judged.appended([provisional(judged, submitted)])
        if not steps:
            return None
        decision = Decision(steps=tuple(steps))
        return Plan(places, self._writer.prepare({stream.id: stream}, decision, context))

    def _known(self, stream: Stream, submitted: Submitted) -> Entry | None:
        must_exist(stream, submitted)
        if (known := stream.records.get(submitted.env.record_id)) is not None:
            return self._judge.same(stream, known, submitted)
        self._judge.admit(stream, submitted)
        return None

    def _store(
        self,
        plans: Sequence[Plan],
        pending: Pending,
        results: Results,
    ) -> Pending:
        """Store what was planned; what lost against another writer is pending again."""
        again = {}
        outcomes = self._recorder.append_many([plan.prepared.commit for plan in plans])
        for plan, outcome in zip(plans, outcomes, strict=True):
            case_id = next(iter(plan.prepared.loaded))
            if isinstance(outcome, Appended):
                receipts = self._writer.finish(plan.prepared, outcome)
                for places, receipt in zip(plan.places, receipts, strict=True):
                    results.update((place, receipt) for place in places)
            elif isinstance(outcome, VersionConflict):
                lost = set(chain.from_iterable(plan.places))
                again[case_id] = [p for p in pending[case_id] if p[0] in lost]
            else:
                results.update((place, outcome) for place in chain.from_iterable(plan.places))
        return again


def provisional(stream: Stream, submitted: Submitted) -> Entry:
    """The record as the rules see it before it is stored."""
    version = stream.version + 1
    return Entry(
        stream.id, version, UNSTORED, NOT_YET, submitted.kind, submitted.env, submitted.rec
    )
