"""What every event carries beside its own fields: when, who, how it reached us."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.domain.personal import DataClass, personal

Source = Literal["web", "mobile", "api", "import", "system", "demo"]
# Codes stand in the clear, so no phone number and no resident ID may pass for one.
NO_NUMBER_OF_SOMEBODY = (
    r"(?!(.*[^0-9])?1[3-9][0-9]{9}([^0-9].*)?$)(?!(.*[^0-9])?[0-9]{17}[0-9Xx]([^0-9].*)?$)"
)
PUBLIC_CODE = rf"^{NO_NUMBER_OF_SOMEBODY}[A-Za-z0-9][A-Za-z0-9._-]{{1,31}}$"
LONG_CODE = rf"^{NO_NUMBER_OF_SOMEBODY}[A-Za-z0-9][A-Za-z0-9._-]{{0,63}}$"
PublicId = Annotated[str, Meta(pattern=PUBLIC_CODE)]
StaffId = Annotated[str, Meta(pattern=PUBLIC_CODE, extra={"refers_to": "staff"})]
UnitId = Annotated[str, Meta(pattern=PUBLIC_CODE, extra={"refers_to": "unit"})]
LateReason = Annotated[str, personal(DataClass.WELFARE, min_length=2, max_length=200)]


class Author(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A member of staff, with role and unit as they were on the day."""

    # Plain: every event read has two of these, and the codes were checked when they came in.
    staff: str
    role: str
    unit: str


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points at a file that is kept outside the log, by its hash."""

    kind: Literal["photo", "document", "audio", "signature", "receipt"]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    media_type: Annotated[str, Meta(pattern=r"^[a-z]+/[a-z0-9.+-]+$", max_length=80)]
    size: Annotated[int, Meta(ge=1)]


class Device(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an offline device says of itself; data, never trusted as a clock."""

    id: Annotated[str, Meta(pattern=LONG_CODE)]
    recorded_at: datetime | None = None
    sequence: Annotated[int, Meta(ge=0)] | None = None


class Envelope(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """The part that all events share. `recorded_at` is not here: the database stamps it."""

    record_id: UUID
    occurred_on: date
    recorded_by: Author
    source: Source
    occurred_at: time | None = None
    performed_by: Author | None = None
    device: Device | None = None
    late_reason: LateReason | None = None
    evidence: tuple[Evidence, ...] = ()
    policy_version: str | None = None
    group: UUID | None = None
    causation: UUID | None = None
    correlation: str | None = None


class Submission(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The envelope as a caller may fill it in; the rest is added by the application."""

    occurred_on: date
    record_id: UUID | None = None
    occurred_at: time | None = None
    performed_by: StaffId | None = None
    device: Device | None = None
    late_reason: LateReason | None = None
    evidence: Annotated[tuple[Evidence, ...], Meta(max_length=50)] = ()
