"""What the log has yet to say of a subject's obligations, said by the system."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.casefile.application.context import SYSTEM, Context
from services.casefile.application.decision import Decision, Receipt, Step
from services.casefile.application.stream import Stream
from services.casefile.application.writer import Writer
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.obligation import Declaration
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.envelope import Envelope
from services.casefile.log.commit import Commit
from services.casefile.log.mapper import CasefileMapper
from services.casefile.rulebooks.reading import Rulebooks

CONTEXT = Context(actor=SYSTEM, source="system")


class Declaring:
    """Judges one subject and appends what follows, in one commit."""

    def __init__(self, writer: Writer, rulebooks: Rulebooks, catalogue: Catalogue) -> None:
        self._writer = writer
        self._rulebooks = rulebooks
        self._catalogue = catalogue

    def declare(
        self, subject_id: UUID, stream: Literal["case", "unit"], now: datetime
    ) -> list[Receipt]:
        """A receipt for each record that was appended; none when all has been said."""

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            known = loaded[subject_id]
            subject = Subject(subject_id, stream, known.entries)
            due = judge(subject, self._rulebooks.current(), now).declarations
            new = [each for each in due if each.record_id not in known.records]
            return Decision(steps=declaration_steps(subject_id, new, self._catalogue))

        return self._writer.write_all([subject_id], decide, CONTEXT)

    def put_on_file(self, subject_id: UUID, declarations: Sequence[Declaration]) -> list[Receipt]:
        """The same for what has been judged already, which no later record can change."""

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            records = loaded[subject_id].records
            new = [each for each in declarations if each.record_id not in records]
            return Decision(steps=declaration_steps(subject_id, new, self._catalogue))

        return self._writer.write_all([subject_id], decide, CONTEXT)


def declaration_steps(
    subject_id: UUID, declarations: Iterable[Declaration], catalogue: Catalogue
) -> tuple[Step, ...]:
    return tuple(
        Step(subject_id, catalogue.of(type(each.record)), envelope(each), each.record)
        for each in declarations
    )


def declaration_commit(
    mapper: CasefileMapper, subject_id: UUID, version: int, declarations: Sequence[Declaration]
) -> Commit:
    """The commit that follows this version of the stream: a conflict if it has moved on."""
    events = (
        mapper.plain_event(
            subject_id,
            version + number,
            mapper.catalogue.of(type(each.record)),
            envelope(each),
            each.record,
        )
        for number, each in enumerate(declarations, start=1)
    )
    return Commit(tuple(events))


def envelope(declaration: Declaration) -> Envelope:
    """Dated by the window, never by the run."""
    return Envelope(
        record_id=declaration.record_id,
        occurred_on=declaration.occurred_on,
        recorded_by=SYSTEM.author,
        source="system",
    )
