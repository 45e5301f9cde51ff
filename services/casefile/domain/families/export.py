"""What was carried out of the product as a file: who, which report, what for, and its hash."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import PublicId
from services.casefile.domain.families.fields import Code
from services.casefile.domain.record import Record, kind

Purpose = Literal[
    "inspection", "appraisal", "supervision", "handover", "statistics", "family_request",
    "complaint", "court_or_police", "filing", "other",
]  # fmt: skip
FileFormat = Literal["pdf", "xlsx", "csv", "jsonl", "json"]
Count = Annotated[int, Meta(ge=0)]


@kind(
    "export",
    "Report carried out",
    stream="export",
    recordable=False,
    private="Says who took which files out of the office; no other service has a use for it.",
)
class ExportProduced(Record):
    """A report left the product as a file. Who it is about is the scope, never a name."""

    report_code: Code
    definition: Annotated[int, Meta(ge=1)]
    file_format: FileFormat
    purpose: Purpose
    as_of: date
    position: Count
    rows: Count
    bytes: Count
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    known_at: datetime | None = None
    unit: PublicId | None = None
    case_id: UUID | None = None
    about_staff: PublicId | None = None
    since: date | None = None
    until: date | None = None
    small_counts_hidden: bool = False

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield "export.report", self.report_code
        yield "export.sha256", self.sha256
