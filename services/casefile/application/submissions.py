"""From what a caller sent to a typed record with its envelope; nothing is trusted before this."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.application.clock import Clock, day_in_china
from services.casefile.application.context import Context
from services.casefile.application.ids import uuid7
from services.casefile.application.posts import Posts
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.envelope import Author, Envelope, Submission
from services.casefile.domain.identifiers import check_phones
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import Implausible, Invalid
from services.casefile.domain.twins import references

DERIVED = 5
SENT = ("web", "mobile", "api")
SUBMITTED = frozenset(Submission.__struct_fields__)


class NotOfItsForm(Invalid):
    """The record does not have the form of its kind."""

    remedy = "Compare it with the schema of its kind: GET /v1/kinds/{kind}."

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem=problem)


class Submitted(msgspec.Struct, frozen=True):
    """A typed record and the envelope it goes into."""

    kind: Kind
    env: Envelope
    rec: Record


class Submissions:
    """Reads bodies into records."""

    def __init__(self, posts: Posts, clock: Clock) -> None:
        self._posts = posts
        self._clock = clock

    def read(
        self, kind: Kind, body: Mapping[str, Any], context: Context, **defaults: Any
    ) -> Submitted:
        """The flat body of a client, split into envelope and record, both typed."""
        submission = typed({k: v for k, v in body.items() if k in SUBMITTED}, Submission)
        rec = typed({k: v for k, v in body.items() if k not in SUBMITTED}, kind.type)
        check_phones(rec)
        check_id(submission.record_id, context)
        self._check_references(rec, submission.occurred_on)
        return Submitted(kind, self.envelope(submission, context, **defaults), rec)

    def today(self) -> date:
        return day_in_china(self._clock())

    def _check_references(self, rec: Record, day: date) -> None:
        for field, target in references(type(rec)).items():
            code = getattr(rec, field)
            if code is not None and target == "unit":
                self._posts.check_unit(code, day, field)
            elif code is not None:
                self._posts.check_staff(code, day, field)

    def envelope(self, submission: Submission, context: Context, **more: Any) -> Envelope:
        return Envelope(
            record_id=submission.record_id or uuid7(),
            occurred_on=submission.occurred_on,
            occurred_at=submission.occurred_at,
            performed_by=self._performer(submission, context),
            recorded_by=context.actor.author,
            source=context.source,
            device=submission.device,
            late_reason=submission.late_reason,
            evidence=submission.evidence,
            correlation=context.correlation,
            causation=context.causation,
            **more,
        )

    def own_envelope(self, record_id: UUID, context: Context, **more: Any) -> Envelope:
        """The envelope of a record that the command itself adds, dated today."""
        options: dict[str, Any] = {"occurred_on": self.today()} | more
        return Envelope(
            record_id=record_id,
            recorded_by=context.actor.author,
            source=context.source,
            correlation=context.correlation,
            **options,
        )

    def _performer(self, submission: Submission, context: Context) -> Author:
        staff = submission.performed_by
        if staff is None or staff == context.actor.author.staff:
            return context.actor.author
        return self._posts.author(staff, submission.occurred_on)


def check_id(record_id: UUID | None, context: Context) -> None:
    """Ids of version 5 are the system's own: who could take one would keep a miss from being said."""
    if record_id is not None and record_id.version == DERIVED and context.source in SENT:
        raise Implausible("record_id", "ids of version 5 are derived by the system")


def typed(data: Mapping[str, Any], form: type[Any]) -> Any:
    """The data as its type, or a refusal that names the field and never repeats the value."""
    try:
        return msgspec.convert(data, form)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".") or None
        raise NotOfItsForm(field or "body", without_values(problem)) from None


def without_values(problem: str) -> str:
    """msgspec quotes an invalid enum value; what somebody typed must not come back."""
    if problem.startswith("Invalid enum value"):
        return "Invalid enum value"
    return problem
