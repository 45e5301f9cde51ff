"""Who answers for which children, and when each child was last in contact, by kind of contact."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact, value
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, paged
from services.casefile.readmodels.units import UNDER

CASELOAD = Table(
    name="caseload",
    columns={
        "staff": "text NOT NULL",
        "case_id": "uuid NOT NULL",
        "relation": "text NOT NULL",
        "role": "text NOT NULL",
        "unit": "text",
        "since": "date NOT NULL",
        "record_id": "uuid NOT NULL",
    },
    key=("staff", "case_id", "relation", "role"),
    indexes=("unit",),
)
CONTACTS = Table(
    name="caseload_contacts",
    columns={
        "case_id": "uuid NOT NULL",
        "kind": "text NOT NULL",
        "last_on": "date NOT NULL",
        "times": "integer NOT NULL",
    },
    key=("case_id", "kind"),
    adds={"last_on": "greatest(held.last_on, new.last_on)", "times": "held.times + new.times"},
)
STATED = ("workers.", "pairings.", "status")
ASSIGNED = f"""
SELECT {", ".join(CASELOAD.columns)},
       (SELECT coalesce(jsonb_object_agg(kind, last_on), '{{}}')
        FROM readmodels.caseload_contacts k WHERE k.case_id = c.case_id)
FROM readmodels.caseload c
"""
WORKERS = """
SELECT staff, count(DISTINCT case_id),
       count(DISTINCT case_id) FILTER (WHERE relation = 'worker'),
       count(DISTINCT case_id) FILTER (WHERE relation = 'pairing'),
       count(DISTINCT case_id) FILTER (WHERE last_on IS NULL), min(last_on)
FROM readmodels.caseload c LEFT JOIN LATERAL (
    SELECT max(k.last_on) AS last_on FROM readmodels.caseload_contacts k
    WHERE k.case_id = c.case_id
) AS contact ON true
"""


class CaseloadModel(Model):
    """Assignments and pairings of open cases; contacts are added up."""

    name = "caseload"
    version = 1
    tables = (CASELOAD, CONTACTS)

    def restates(self, entry: Entry) -> bool:
        return entry.kind.stream == "case" and any(
            path.startswith(STATED) for path, _ in entry.rec.sets(entry)
        )

    def rows(self, case: Folded) -> Rows:
        return {"caseload": assignments(case), "caseload_contacts": contacts(case.current)}

    def added(self, entries: Sequence[Entry]) -> Rows:
        return {"caseload_contacts": contacts(entries)}


def assignments(case: Folded) -> Iterable[Row]:
    if value(case.facts, "status") != "open":
        return ()
    rows = {}
    for path, fact in case.facts.items():
        if fact.value is not None and (row := _assigned(case.id, path, fact)) is not None:
            rows[row[:4]] = row
    return rows.values()


def _assigned(case_id: UUID, path: str, fact: Fact) -> Row | None:
    place, _, rest = path.partition(".")
    held = fact.value
    if place == "workers":
        who = (held["staff"], case_id, "worker", rest, held["unit"])
    elif place == "pairings" and held.get("mentor"):
        who = (held["mentor"], case_id, "pairing", held["pairing_kind"], None)
    else:
        return None
    return (*who, fact.since, fact.entry.record_id)


def contacts(entries: Sequence[Entry]) -> Iterable[Row]:
    made: dict[str, tuple[date, int]] = {}
    for entry in entries:
        if entry.kind.contact is not None and entry.rec.reaches():
            on = entry.env.occurred_on
            last, times = made.get(entry.kind.slug, (on, 0))
            made[entry.kind.slug] = (max(last, on), times + 1)
    return [(entries[0].stream_id, kind, *told) for kind, told in made.items()]


class CaseloadRow(msgspec.Struct, frozen=True):
    """A child somebody answers for. `relation`: worker or pairing."""

    staff: str
    case_id: UUID
    relation: str
    role: str
    unit: str | None
    since: date
    record_id: UUID
    contacts: dict[str, date]

    def days_since(self, today: date) -> dict[str, int]:
        """Days since each kind of contact there ever was."""
        return {kind: (today - on).days for kind, on in self.contacts.items()}


class WorkerLoad(msgspec.Struct, frozen=True):
    """One worker's children, counted; `longest_ago` is the oldest of their last contacts."""

    staff: str
    children: int
    as_worker: int
    as_mentor: int
    never_contacted: int
    longest_ago: date | None


class CaseloadFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`under` means assignments of a unit and all below it."""

    staff: str | None = None
    unit: str | None = None
    under: str | None = None
    role: str | None = None
    relation: str | None = None
    case_id: UUID | None = None


class Caseload:
    """Questions about who answers for whom."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: CaseloadFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[CaseloadRow]:
        where = _where(asked).after(CASELOAD, CASELOAD.key, after)
        return paged(self._pool, ASSIGNED, where, CASELOAD.key, limit, _row)

    def workers(
        self, asked: CaseloadFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[WorkerLoad]:
        where = _where(asked).after(CASELOAD, ("staff",), after)
        grouped = f"SELECT * FROM ({WORKERS} {where} GROUP BY staff) AS loads"
        everything = Where()
        everything.values = where.values
        return paged(self._pool, grouped, everything, ("staff",), limit, WorkerLoad)


def _where(asked: CaseloadFilter) -> Where:
    equal = msgspec.structs.asdict(asked)
    within = equal.pop("under")
    return Where(**equal).add(f"unit IN {UNDER}", within)


def _row(
    staff: str,
    case_id: UUID,
    relation: str,
    role: str,
    unit: str | None,
    since: date,
    record_id: UUID,
    made: dict[str, str],
) -> CaseloadRow:
    contacts = {kind: date.fromisoformat(on) for kind, on in made.items()}
    return CaseloadRow(staff, case_id, relation, role, unit, since, record_id, contacts)
