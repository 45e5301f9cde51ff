"""Two files of one child become one; and the way back, when it was a mistake."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt, Step
from services.casefile.application.opening import Identities
from services.casefile.application.recording import Judge, must_exist, step
from services.casefile.application.sealing_keys import SealingKeys
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submissions, Submitted
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue, Kind
from services.casefile.domain.facts import value
from services.casefile.domain.families.case import (
    CaseAbsorbed,
    CaseMerged,
    CaseSeparated,
    CaseUnmerged,
)
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import CaseAlreadyClosed, Implausible
from services.casefile.log.commit import Reservation


class Move(NamedTuple):
    """What is recorded on the case itself, and what on the other one."""

    submitted: Submitted
    kind: Kind
    rec: Record


class Merging:
    """Merges a case into a surviving one, and undoes it, in one commit on both streams."""

    def __init__(
        self,
        writer: Writer,
        submissions: Submissions,
        judge: Judge,
        keys: SealingKeys,
        identities: Identities,
        catalogue: Catalogue,
    ) -> None:
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._keys = keys
        self._identities = identities
        self._merged = catalogue.of(CaseMerged)
        self._absorbed = catalogue.of(CaseAbsorbed)
        self._unmerged = catalogue.of(CaseUnmerged)
        self._separated = catalogue.of(CaseSeparated)

    def merge(self, case_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: survivor, reason, occurred_on."""
        submitted = self._submissions.read(self._merged, body, context)
        assert isinstance(submitted.rec, CaseMerged)
        survivor = submitted.rec.survivor
        if survivor == case_id:
            raise Implausible("survivor", "a case cannot be merged into itself")

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream, other = loaded[case_id], loaded[survivor]
            must_exist(stream, submitted)
            must_exist(other, submitted)
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._judge.admit(stream, submitted)
            if value(other.facts, "status") != "open":
                raise CaseAlreadyClosed
            absorbed = CaseAbsorbed(absorbed=case_id)
            return self._moved(stream, Move(submitted, self._absorbed, absorbed), other, other)

        return self._writer.write([case_id, survivor], decide, context)

    def unmerge(self, case_id: UUID, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: former_survivor, reason, occurred_on. The numbers go back with the file."""
        submitted = self._submissions.read(self._unmerged, body, context)
        assert isinstance(submitted.rec, CaseUnmerged)
        survivor = submitted.rec.former_survivor
        if survivor == case_id:
            raise Implausible("former_survivor", "a case cannot be separated from itself")

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream, other = loaded[case_id], loaded[survivor]
            must_exist(stream, submitted)
            must_exist(other, submitted)
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._judge.admit(stream, submitted)
            separated = CaseSeparated(separated=case_id)
            return self._moved(stream, Move(submitted, self._separated, separated), other, stream)

        return self._writer.write([case_id, survivor], decide, context)

    def _moved(self, stream: Stream, move: Move, other: Stream, holder: Stream) -> Decision:
        """Both records in one commit, and the child's numbers with whoever holds them now."""
        env = msgspec.structs.replace(move.submitted.env, late_reason=None)
        numbers = self._numbers(stream)
        return Decision(
            steps=(step(stream.id, move.submitted), Step(other.id, move.kind, env, move.rec)),
            release=tuple(numbers),
            reserve=tuple(Reservation(kind, digest, holder.id) for kind, digest in numbers),
        )

    def _numbers(self, stream: Stream) -> list[tuple[str, bytes]]:
        disclosure = self._keys.disclosure(stream)
        resident_id, register_no = (
            disclosure.plain(value(stream.facts, f"child.{field}"))
            for field in ("resident_id", "school_register_no")
        )
        return self._identities.digests(resident_id, register_no)
