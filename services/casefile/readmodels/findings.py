"""Findings across inspections: about whom, until when, where they stand; their words stay sealed."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import msgspec

from services.casefile.domain.facts import under
from services.casefile.domain.inspection_state import FindingState, state_of
from services.casefile.following.folded import Folded
from services.casefile.following.model import Row, Table
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, cut, fetch
from services.casefile.readmodels.units import UNDER

SAID = ("finding_code", "severity", "reply_by", "deadline", "case", "record", "worker", "unit")
FINDINGS = Table(
    name="findings",
    columns={
        "inspection_id": "uuid NOT NULL",
        "finding": "uuid NOT NULL",
        "raised_on": "date NOT NULL",
        "raised_by": "text NOT NULL",
        "finding_code": "text NOT NULL",
        "severity": "text NOT NULL",
        "reply_by": "date NOT NULL",
        "deadline": "date NOT NULL",
        "case_id": "uuid",
        "record_id": "uuid",
        "worker": "text",
        "unit": "text",
        "state": "text NOT NULL",
    },
    key=("inspection_id", "finding"),
    owner="inspection_id",
    indexes=("deadline, finding", "worker", "unit", "case_id"),
)
ORDER = ("deadline", "finding")
OVERDUE = "state IN ('open', 'explained', 'upheld') AND deadline < %s"
SELECT = f"SELECT {', '.join(FINDINGS.columns)}, {OVERDUE} FROM readmodels.findings"
CONCERNING = f"""(worker = %s
  OR unit IN {UNDER}
  OR unit IN (WITH RECURSIVE above AS (
       SELECT code, parent FROM readmodels.units WHERE code = %s
       UNION SELECT u.code, u.parent FROM readmodels.units u JOIN above ON u.code = above.parent
     ) SELECT code FROM above)
  OR case_id IN (SELECT case_id FROM readmodels.caseload WHERE staff = %s)
  OR case_id IN (SELECT case_id FROM readmodels.roster
                 WHERE village IN {UNDER} OR school IN {UNDER} OR class_unit IN {UNDER}))"""


def findings_of(case: Folded) -> Iterator[Row]:
    for finding, fact in under(case.facts, "findings").items():
        yield (
            case.id,
            UUID(finding),
            fact.since,
            fact.entry.env.recorded_by.staff,
            *(fact.value[name] for name in SAID),
            state_of(case.facts, finding),
        )


class FindingRow(msgspec.Struct, frozen=True):
    """A finding, without its words."""

    inspection_id: UUID
    finding: UUID
    raised_on: date
    raised_by: str
    finding_code: str
    severity: str
    reply_by: date
    deadline: date
    case_id: UUID | None
    record_id: UUID | None
    worker: str | None
    unit: str | None
    state: FindingState
    overdue: bool


class FindingFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What is not set is not asked."""

    inspection_id: UUID | None = None
    case_id: UUID | None = None
    worker: str | None = None
    unit: str | None = None
    state: FindingState | None = None
    finding_code: str | None = None
    overdue: bool | None = None


class Concerned(FindingFilter, frozen=True, kw_only=True):
    """Only what is about one of the staff, their children, or their unit and those around it."""

    staff: str
    at: str


class Findings:
    """Questions about findings."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: FindingFilter, today: date, after: Cursor | None = None, limit: int = 50
    ) -> Page[FindingRow]:
        """What is due first before the rest."""
        where = conditions(asked, today)
        where.after(FINDINGS, ORDER, after)
        statement = f"{SELECT} {where} ORDER BY {', '.join(ORDER)} LIMIT {limit + 1}"
        rows = fetch(self._pool, statement, [today, *where.values], FindingRow)
        return cut(rows, ORDER, limit)

    def count(self, asked: FindingFilter, today: date) -> int:
        """How many there are."""
        where = conditions(asked, today)
        statement = f"SELECT count(*) FROM readmodels.findings {where}"
        return fetch(self._pool, statement, where.values, int)[0]


def conditions(asked: FindingFilter, today: date) -> Where:
    where = Where(
        inspection_id=asked.inspection_id,
        case_id=asked.case_id,
        worker=asked.worker,
        unit=asked.unit,
        state=asked.state,
        finding_code=asked.finding_code,
    )
    if asked.overdue is not None:
        where.add(f"({OVERDUE}) = {asked.overdue}", today)
    if isinstance(asked, Concerned):
        where.parts.append(CONCERNING)
        where.values += [asked.staff, asked.at, asked.at, asked.staff, *[asked.at] * 3]
    return where
