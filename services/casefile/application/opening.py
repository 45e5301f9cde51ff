"""Opening a case: one per child, whoever opens it first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt
from services.casefile.application.ids import uuid7
from services.casefile.application.recording import Judge, step
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submissions, Submitted
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.families.case import CaseOpened
from services.casefile.domain.identifiers import (
    check_resident_id,
    normal_register_no,
    normal_resident_id,
)
from services.casefile.domain.refusals import ChildAlreadyOnFile
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.commit import Reservation
from services.casefile.log.recorder import CasefileRecorder


class Identities:
    """The numbers a child is known by, as digests that only one case may hold."""

    def __init__(self, index: BlindIndex, recorder: CasefileRecorder) -> None:
        self._index = index
        self._recorder = recorder

    def digests(
        self, resident_id: str | None, school_register_no: str | None
    ) -> list[tuple[str, bytes]]:
        found = []
        if resident_id:
            digest = self._index.digest("resident_id", normal_resident_id(resident_id))
            found.append(("resident_id", digest))
        if school_register_no:
            number = normal_register_no(school_register_no)
            found.append(("school_register_no", self._index.digest("school_register_no", number)))
        return found

    def case_of(
        self, resident_id: str | None = None, school_register_no: str | None = None
    ) -> UUID | None:
        """The case that holds one of these numbers."""
        for kind, digest in self.digests(resident_id, school_register_no):
            if (case_id := self._recorder.reserved_by(kind, digest)) is not None:
                return case_id
        return None

    def reservations(self, rec: CaseOpened, case_id: UUID) -> tuple[Reservation, ...]:
        digests = self.digests(rec.resident_id, rec.school_register_no)
        return tuple(Reservation(kind, digest, case_id) for kind, digest in digests)

    def refuse_taken(self, reservations: tuple[Reservation, ...]) -> None:
        for wanted in reservations:
            holder = self._recorder.reserved_by(wanted.kind, wanted.digest)
            if holder is not None and holder != wanted.case_id:
                raise ChildAlreadyOnFile(wanted.kind, holder)


class Opening:
    """Opens cases."""

    def __init__(
        self,
        writer: Writer,
        submissions: Submissions,
        judge: Judge,
        identities: Identities,
        catalogue: Catalogue,
    ) -> None:
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._identities = identities
        self._kind = catalogue.of(CaseOpened)

    def open_case(
        self, body: Mapping[str, Any], context: Context, case_id: UUID | None = None
    ) -> Receipt:
        submitted = self.read(body, context)
        case_id = case_id or uuid7()
        warnings = self._identity_warnings(submitted.rec)

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[case_id]
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._judge.admit(stream, submitted)
            reservations = self._reservations(submitted, case_id)
            self._identities.refuse_taken(reservations)
            return Decision(
                steps=(step(case_id, submitted),), reserve=reservations, warnings=warnings
            )

        return self._writer.write([case_id], decide, context)

    def read(self, body: Mapping[str, Any], context: Context) -> Submitted:
        submitted = self._submissions.read(self._kind, body, context)
        assert isinstance(submitted.rec, CaseOpened)
        born = submitted.rec.birth_date.year
        return msgspec.structs.replace(
            submitted, rec=msgspec.structs.replace(submitted.rec, birth_year=born)
        )

    def _reservations(self, submitted: Submitted, case_id: UUID) -> tuple[Reservation, ...]:
        assert isinstance(submitted.rec, CaseOpened)
        return self._identities.reservations(submitted.rec, case_id)

    @staticmethod
    def _identity_warnings(rec: Any) -> tuple[str, ...]:
        if rec.resident_id is None:
            return ()
        return check_resident_id(normal_resident_id(rec.resident_id), rec.birth_date, rec.sex)
