"""Group sessions: one record in the group's own stream, and credit for the children present."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import Decision, Receipt, Step
from services.casefile.application.ids import uuid7
from services.casefile.application.recording import Judge, must_exist, step
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submissions, Submitted
from services.casefile.application.writer import Writer
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.families.group import GroupSessionAttended, GroupSessionHeld


class Grouping:
    """Stores a session and every attendance in one commit."""

    def __init__(
        self, writer: Writer, submissions: Submissions, judge: Judge, catalogue: Catalogue
    ) -> None:
        self._writer = writer
        self._submissions = submissions
        self._judge = judge
        self._held = catalogue.of(GroupSessionHeld)
        self._attended = catalogue.of(GroupSessionAttended)

    def hold(self, body: Mapping[str, Any], context: Context) -> Receipt:
        """Body: the session with `present` and `absent`, lists of case ids."""
        submitted = self._submissions.read(self._held, body, context)
        assert isinstance(submitted.rec, GroupSessionHeld)
        group = group_stream(body, submitted)
        present = tuple(dict.fromkeys(submitted.rec.present))

        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[group]
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self._judge.same(stream, known, submitted))
            self._judge.admit(stream, submitted)
            attendances = [self._attendance(loaded[c], group, submitted) for c in present]
            return Decision(steps=(step(group, submitted), *attendances))

        return self._writer.write([group, *present], decide, context)

    def _attendance(self, stream: Stream, group: UUID, session: Submitted) -> Step:
        assert isinstance(session.rec, GroupSessionHeld)
        env = msgspec.structs.replace(
            session.env, record_id=uuid5(session.env.record_id, stream.id.hex), group=group
        )
        rec = GroupSessionAttended(
            session_kind=session.rec.session_kind,
            session=group,
            title=session.rec.title,
            minutes=session.rec.minutes,
        )
        attended = Submitted(self._attended, env, rec)
        must_exist(stream, attended)
        self._judge.admit(stream, attended)
        return step(stream.id, attended)


def group_stream(body: Mapping[str, Any], submitted: Submitted) -> UUID:
    """A session that comes with a record id has one stream, however often it is sent."""
    return uuid5(submitted.env.record_id, "group") if "record_id" in body else uuid7()
