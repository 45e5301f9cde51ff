"""Two files of one child become one; and the way back, when it was a mistake."""

from collections.abc import Mapping
from typing import Any
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
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.facts import value
from services.casefile.domain.families.case import CaseAbsorbed, CaseMerged
from services.casefile.domain.refusals import CaseAlreadyClosed, Implausible
from services.casefile.log.commit import Reservation


class Merging:
    """Merges a case into a surviving one, in one commit on both streams."""

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
            return self._decision(stream, other, submitted)

        return self._writer.write([case_id, survivor], decide, context)

    def _decision(self, stream: Stream, survivor: Stream, submitted: Submitted) -> Decision:
        numbers = self._numbers(stream)
        absorbed = Step(
            survivor.id,
            self._absorbed,
            msgspec.structs.replace(submitted.env, late_reason=None),
            CaseAbsorbed(absorbed=stream.id),
        )
        return Decision(
            steps=(step(stream.id, submitted), absorbed),
            release=tuple(numbers),
            reserve=tuple(Reservation(kind, digest, survivor.id) for kind, digest in numbers),
        )

    def _numbers(self, stream: Stream) -> list[tuple[str, bytes]]:
        disclosure = self._keys.disclosure(stream)
        resident_id, register_no = (
            disclosure.plain(value(stream.facts, f"child.{field}"))
            for field in ("resident_id", "school_register_no")
        )
        return self._identities.digests(resident_id, register_no)
