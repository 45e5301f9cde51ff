"""Every way the domain says no. Each is a present fact, carries data, and names a remedy.

CasefileError
├── Invalid            the record itself cannot be right (HTTP 422)
├── Refused            right in itself, but not on this stream as it stands (HTTP 409)
├── Absent             what was named does not exist (HTTP 404)
└── Unreadable         a stored event this version cannot read (the case is parked)
"""

from datetime import date
from typing import Any
from uuid import UUID


class CasefileError(Exception):
    """Casefile cannot do that."""

    remedy: str = ""

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(self.title)

    def __str__(self) -> str:
        """For those who operate it: the fact and its data, none of which is personal."""
        field = getattr(self, "field", None)
        data = ({"field": field} if field else {}) | self.data
        told = ", ".join(f"{name}={value}" for name, value in data.items())
        return f"{self.title} ({told})" if told else self.title

    @property
    def title(self) -> str:
        return (type(self).__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")

    @property
    def code(self) -> str:
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


class Invalid(CasefileError):
    """The record cannot be right."""

    field: str | None = None

    def __init__(self, field: str | None = None, **data: Any) -> None:
        self.field = field or type(self).field
        super().__init__(**data)


class Refused(CasefileError):
    """The case as it stands does not allow this."""


class Absent(CasefileError):
    """There is no such thing."""


class Unreadable(CasefileError):
    """A stored event cannot be read by this version of Casefile."""


class UnknownKind(Absent):
    """There is no such kind of record."""

    remedy = "List the kinds with GET /v1/kinds."

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug


class UnknownEventTopic(Unreadable):
    """The log holds an event topic this version does not know."""

    remedy = "Upgrade Casefile; the event stays in the log."

    def __init__(self, topic: str) -> None:
        super().__init__(topic=topic)


class NewerEventVersion(Unreadable):
    """The log holds a newer version of an event than this version can read."""

    remedy = "Upgrade Casefile; the event stays in the log."

    def __init__(self, topic: str, known: int) -> None:
        super().__init__(topic=topic, known=known)


class DamagedEvent(Unreadable):
    """A stored event does not have the form its topic promises."""

    remedy = "Compare the row with the sealed log; do not change it."

    def __init__(self, stream_id: UUID, version: int) -> None:
        super().__init__(stream_id=str(stream_id), version=version)


class CaseNotFound(Absent):
    """There is no case with this id."""

    remedy = "Look the child up in the roster."


class RecordNotFound(Absent):
    """There is no record with this id in this case."""

    remedy = "Take the record_id from the case's history."


class StaffNotFound(Invalid):
    """No member of staff has this id on that day."""

    field = "performed_by"
    remedy = "Import the staff list, or check the id."


class UnitNotFound(Invalid):
    """No unit has this id on that day."""

    field = "unit"
    remedy = "Import the unit list, or check the id."


class CaseAlreadyClosed(Refused):
    """The case is closed."""

    remedy = "Reopen it, or record only what happened before it was closed."


class CaseAlreadyOpen(Refused):
    """The case is open already."""


class CaseMergedAway(Refused):
    """The case was merged into another."""

    remedy = "Record in the surviving case."


class ChildAlreadyOnFile(Refused):
    """A case for this child exists already."""

    remedy = "Use the existing case; if they are two children, check the number."

    def __init__(self, by: str, case_id: UUID) -> None:
        super().__init__(by=by, case_id=str(case_id))
        self.case_id = case_id


class RecordIdTaken(Refused):
    """This record id is used already, with other content."""

    remedy = "Use a new record_id, or correct the existing record."


class AlreadyAnnulled(Refused):
    """The record is annulled already."""


class NotAmendable(Refused):
    """This kind of record cannot be corrected or annulled."""


class NothingToCorrect(Invalid):
    """The correction changes nothing."""

    remedy = "Name at least one field with a new value."


class OccurredInFuture(Invalid):
    """It has not happened yet."""

    field = "occurred_on"
    remedy = "Give the day it happened, today or earlier (Asia/Shanghai)."


class OccurredBeforeBirth(Invalid):
    """The day lies before the child was born."""

    field = "occurred_on"
    remedy = "Check the day, and the birth date on file."


class EndBeforeStart(Invalid):
    """It ends before it starts."""

    remedy = "Check both days."


class LateReasonRequired(Invalid):
    """The record comes after the entry deadline, so it needs a reason."""

    field = "late_reason"
    remedy = "Say in late_reason why it is entered late."

    def __init__(self, days_late: int, deadline_days: int) -> None:
        super().__init__(days_late=days_late, deadline_days=deadline_days)


class WrongResidentId(Invalid):
    """The resident ID number is not a possible one."""

    field = "resident_id"
    remedy = "Check all 18 characters against the document."

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class WrongPhone(Invalid):
    """The phone number is not a possible one."""

    remedy = "Give a mobile number, or a landline with its area code."


class NotOnFile(Refused):
    """What the record refers to is not on file, or has ended already."""

    def __init__(self, what: str, **data: Any) -> None:
        super().__init__(what=what, **data)


class AlreadyOnFile(Refused):
    """The same is on file already."""

    def __init__(self, what: str, **data: Any) -> None:
        super().__init__(what=what, **data)


class Implausible(Invalid):
    """The value is not plausible."""

    def __init__(self, field: str, why: str, **data: Any) -> None:
        super().__init__(field, why=why, **data)


def day_before(start: date, end: date | None, field: str) -> None:
    """Refuse an end that lies before its start."""
    if end is not None and end < start:
        raise EndBeforeStart(field)
