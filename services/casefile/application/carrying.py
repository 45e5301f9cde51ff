"""What leaves the product as a file is put on file first, on a stream of its own."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt
from services.casefile.application.ids import uuid7
from services.casefile.application.recording import step
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submissions, Submitted, typed
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.families.export import ExportProduced


class Carrying:
    """Every export is one event; the same file carried out twice is two of them."""

    def __init__(self, writer: Writer, submissions: Submissions, catalogue: Catalogue) -> None:
        self._writer = writer
        self._submissions = submissions
        self._kind = catalogue.of(ExportProduced)

    def put(self, export: ExportProduced, context: Context) -> Receipt:
        stream_id = uuid7()
        env = self._submissions.own_envelope(stream_id, context)
        rec = typed(msgspec.to_builtins(export), ExportProduced)
        submitted = Submitted(self._kind, env, rec)

        def decide(_: Mapping[UUID, Stream]) -> Decision:
            return Decision(steps=(step(stream_id, submitted),))

        return self._writer.write([stream_id], decide, context)
