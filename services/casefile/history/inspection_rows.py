"""An inspection as it is read: its samples, what was looked at, its findings and what was said to them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.envelope import Author
from services.casefile.domain.inspection_state import FindingState
from services.casefile.domain.sampling import Stratum


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that was said about a finding, and by whom; `text` is withheld if its key is gone."""

    record_id: UUID
    kind: str
    occurred_on: date
    recorded_at: datetime
    by: Author
    text: Any = None
    measure: str | None = None
    outcome: str | None = None


class FindingShown(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with its words, and everything that was said to it, in order."""

    inspection_id: UUID
    finding: UUID
    raised_on: date
    raised_by: Author
    finding_code: str
    severity: str
    reply_by: date
    deadline: date
    text: Any
    case: UUID | None
    record: UUID | None
    worker: str | None
    unit: str | None
    state: FindingState
    overdue: bool
    said: tuple[Said, ...]


class SampleShown(msgspec.Struct, frozen=True, kw_only=True):
    """A sample with all that is needed to draw it again."""

    record_id: UUID
    drawn_on: date
    drawn_by: Author
    seed: str
    seed_source: str
    algorithm: str
    algorithm_version: int
    sample_size: int
    population_size: int
    population_hash: str
    stratified_by: str
    at_least_one: bool
    strata: tuple[Stratum, ...]
    cases: tuple[UUID, ...]


class Looked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A record that was examined, or that somebody was called back about; the last time counts."""

    record_id: UUID
    kind: str
    occurred_on: date
    by: Author
    case: UUID
    record: UUID
    result: str
    counts: bool
    against: str | None = None
    spoke_with: str | None = None
    means: str | None = None
    note: Any = None


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """How an inspection ended."""

    closed_on: date
    by: Author
    outcome: str
    summary: Any
    leaves_open: bool


class InspectionShown(msgspec.Struct, frozen=True, kw_only=True):
    """An inspection: what it is about, at which cut, and what became of it."""

    inspection_id: UUID
    version: int
    state: str
    opened_on: date
    opened_by: Author
    unit: str
    ordered_by: str
    inspection_kind: str
    basis: str
    order_no: str | None
    starts_on: date
    ends_on: date
    since: date
    until: date
    announced_on: date | None
    as_of: date
    position: int
    known_at: datetime
    note: Any
    samples: tuple[SampleShown, ...]
    examinations: tuple[Looked, ...]
    callbacks: tuple[Looked, ...]
    findings: tuple[FindingShown, ...]
    closing: Closing | None
