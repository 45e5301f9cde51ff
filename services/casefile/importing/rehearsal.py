"""A dry run: the same commands judged by the same rules, on streams that only this run sees."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.application.batching import Item, Result, provisional
from services.casefile.application.context import Context
from services.casefile.application.decision import Decide, Decision, Receipt
from services.casefile.application.opening import Identities, Opening
from services.casefile.application.posts import Posts
from services.casefile.application.receipts import receipt_of
from services.casefile.application.stream import Stream
from services.casefile.application.streams import Streams
from services.casefile.application.submissions import Submissions, Submitted
from services.casefile.application.writer import Writer
from services.casefile.domain.entry import Entry
from services.casefile.domain.refusals import CasefileError, ChildAlreadyOnFile
from services.casefile.domain.stream_ids import staff_stream, unit_stream
from services.casefile.importing.desk import Desk, Names, Office
from services.casefile.log.commit import Reservation


def rehearsed(office: Office) -> Desk:
    """A desk at which everything is judged and nothing is stored."""
    commands = RehearsedCommands(office)
    return Desk(
        commands=commands,
        catalogue=office.catalogue,
        identities=commands.identities,
        streams=commands.streams,
        keys=office.keys,
        index=office.index,
        names=RehearsedNames(office.directory),
    )


class RehearsedStreams(Streams):
    """The log's streams, longer by what was rehearsed."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.recorder, office.mapper)
        self._rehearsed: dict[UUID, Stream] = {}

    def fresh(self, stream_id: UUID) -> Stream:
        return self._rehearsed.get(stream_id) or super().fresh(stream_id)

    def remembered(self, stream_id: UUID) -> Stream:
        return self._rehearsed.get(stream_id) or super().remembered(stream_id)

    def rehearse(self, stream: Stream) -> None:
        self._rehearsed[stream.id] = stream


class RehearsedIdentities(Identities):
    """The numbers that are held, and those that would be."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.index, office.recorder)
        self._rehearsed: dict[tuple[str, bytes], UUID] = {}

    def case_of(
        self, resident_id: str | None = None, school_register_no: str | None = None
    ) -> UUID | None:
        for number in self.digests(resident_id, school_register_no):
            if (case_id := self._rehearsed.get(number)) is not None:
                return case_id
        return super().case_of(resident_id, school_register_no)

    def refuse_taken(self, reservations: tuple[Reservation, ...]) -> None:
        for wanted in reservations:
            holder = self._rehearsed.get((wanted.kind, wanted.digest))
            if holder is not None and holder != wanted.case_id:
                raise ChildAlreadyOnFile(wanted.kind, holder)
        super().refuse_taken(reservations)

    def reserve(self, reservations: Sequence[Reservation]) -> None:
        self._rehearsed |= {(one.kind, one.digest): one.case_id for one in reservations}


class RehearsedWriter(Writer):
    """Decides, and keeps the decision to itself."""

    def __init__(
        self, office: Office, streams: RehearsedStreams, identities: RehearsedIdentities
    ) -> None:
        super().__init__(office.recorder, office.mapper, streams, office.keys)
        self._rehearsed = streams
        self._identities = identities

    def write(self, stream_ids: Sequence[UUID], decide: Decide, _context: Context) -> Receipt:
        loaded = {stream_id: self._rehearsed.remembered(stream_id) for stream_id in stream_ids}
        decision = decide(loaded)
        if decision.repeated is not None:
            return receipt_of(decision.repeated)
        self._identities.reserve(decision.reserve)
        return foreseen(self._entry(decision), decision.warnings)

    def _entry(self, decision: Decision) -> Entry:
        first: Entry | None = None
        for step in decision.steps:
            stream = self._rehearsed.remembered(step.stream_id)
            entry = provisional(stream, Submitted(step.kind, step.env, step.rec))
            self._rehearsed.rehearse(stream.appended([entry]))
            first = first or entry
        assert first is not None
        return first


def foreseen(entry: Entry, warnings: tuple[str, ...]) -> Receipt:
    return msgspec.structs.replace(receipt_of(entry), warnings=warnings, is_replay=False)


class RehearsedCommands:
    """The commands of an import, without their effect."""

    def __init__(self, office: Office) -> None:
        self.streams = RehearsedStreams(office)
        self.identities = RehearsedIdentities(office)
        self._writer = RehearsedWriter(office, self.streams, self.identities)
        self._submissions = Submissions(Posts(self.streams), office.clock)
        self._judge = office.judge
        self._catalogue = office.catalogue
        self.open_case = Opening(
            self._writer, self._submissions, self._judge, self.identities, office.catalogue
        ).open_case

    def record_batch(self, items: Sequence[Item], context: Context) -> list[Result]:
        return [self._tried(item, context) for item in items]

    def record_unit(
        self, unit: str, slug: str, body: Mapping[str, Any], context: Context
    ) -> Receipt:
        return self._record(unit_stream(unit), slug, body, context)

    def record_staff(
        self, staff: str, slug: str, body: Mapping[str, Any], context: Context
    ) -> Receipt:
        return self._record(staff_stream(staff), slug, body, context)

    def _tried(self, item: Item, context: Context) -> Result:
        try:
            return self._record(item.case_id, item.kind, item.body, context)
        except CasefileError as refusal:
            return refusal

    def _record(
        self, stream_id: UUID, slug: str, body: Mapping[str, Any], context: Context
    ) -> Receipt:
        submitted = self._submissions.read(self._catalogue.slug(slug), body, context)
        decide = self._judge.decide_record(stream_id, submitted)
        return self._writer.write([stream_id], decide, context)


class RehearsedNames:
    """Reads names, and writes none."""

    def __init__(self, names: Names) -> None:
        self.name_of = names.name_of

    def set_name(self, staff: str, name: str) -> None:
        """Nothing is written in a rehearsal."""
