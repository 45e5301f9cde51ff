"""Inspections and their findings across the county: dates, counts and states, no words."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Facts, under, value
from services.casefile.domain.inspection_state import open_findings
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.findings import FINDINGS, OVERDUE, findings_of
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, cut, fetch
from services.casefile.readmodels.units import UNDER

STATED = (
    "unit", "ordered_by", "inspection_kind", "basis", "starts_on", "ends_on", "since", "until",
    "announced_on", "as_of", "position", "known_at", "state",
)  # fmt: skip
INSPECTIONS = Table(
    name="inspections",
    columns={
        "inspection_id": "uuid NOT NULL",
        "unit": "text NOT NULL",
        "ordered_by": "text NOT NULL",
        "inspection_kind": "text NOT NULL",
        "basis": "text NOT NULL",
        "starts_on": "date NOT NULL",
        "ends_on": "date NOT NULL",
        "since": "date NOT NULL",
        "until": "date NOT NULL",
        "announced_on": "date",
        "as_of": "date NOT NULL",
        "position": "bigint NOT NULL",
        "known_at": "timestamptz NOT NULL",
        "state": "text NOT NULL",
        "closed_on": "date",
        "samples": "integer NOT NULL",
        "drawn": "integer NOT NULL",
        "examined": "integer NOT NULL",
        "called_back": "integer NOT NULL",
        "findings": "integer NOT NULL",
        "unsettled": "integer NOT NULL",
        "version": "bigint NOT NULL",
    },
    key=("inspection_id",),
    owner="inspection_id",
    indexes=("starts_on, inspection_id", "unit, position"),
)
NEWEST = ("starts_on", "inspection_id")
SELECT = f"""SELECT {", ".join(f"i.{name}" for name in INSPECTIONS.columns)},
(SELECT count(*) FROM readmodels.findings f
 WHERE f.inspection_id = i.inspection_id AND {OVERDUE}) AS overdue
FROM readmodels.inspections i"""
BEFORE = """
SELECT inspection_id FROM readmodels.inspections WHERE unit = %s AND position < %s
ORDER BY position DESC, inspection_id DESC LIMIT 1
"""


class InspectionsModel(Model):
    """Everything about an inspection is made anew with each of its events: they are few."""

    name = "inspections"
    version = 1
    tables = (INSPECTIONS, FINDINGS)

    def restates(self, entry: Entry) -> bool:
        return entry.kind.stream == "inspection"

    def rows(self, case: Folded) -> Rows:
        if "inspection.unit" not in case.facts:
            return {}
        return {"inspections": [row(case)], "findings": findings_of(case)}


def row(case: Folded) -> Row:
    facts = case.facts
    stated = {name: value(facts, f"inspection.{name}") for name in STATED}
    counted = {
        "samples": len(under(facts, "samples")),
        "drawn": len(under(facts, "sampled")),
        "examined": examined(facts),
        "called_back": len(under(facts, "callbacks")),
        "findings": len(under(facts, "findings")),
        "unsettled": len(open_findings(facts)),
    }
    state = facts["inspection.state"]
    closed = {"closed_on": state.since if state.value == "closed" else None}
    own = {"inspection_id": case.id, "version": case.entries[-1].version}
    whole = stated | counted | closed | own
    return tuple(whole[name] for name in INSPECTIONS.columns)


def examined(facts: Facts) -> int:
    """The records that were looked at; one that could not be is not among them."""
    results = (fact.value["result"] for fact in under(facts, "examined").values())
    return sum(result != "not_examined" for result in results)


class InspectionRow(msgspec.Struct, frozen=True):
    """An inspection; `overdue` of its findings are past their deadline and not put right."""

    inspection_id: UUID
    unit: str
    ordered_by: str
    inspection_kind: str
    basis: str
    starts_on: date
    ends_on: date
    since: date
    until: date
    announced_on: date | None
    as_of: date
    position: int
    known_at: datetime
    state: str
    closed_on: date | None
    samples: int
    drawn: int
    examined: int
    called_back: int
    findings: int
    unsettled: int
    version: int
    overdue: int


class InspectionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`under` means scopes at a unit and all below it."""

    unit: str | None = None
    under: str | None = None
    state: str | None = None
    inspection_kind: str | None = None


class Inspections:
    """Questions about inspections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: InspectionFilter, today: date, after: Cursor | None = None, limit: int = 50
    ) -> Page[InspectionRow]:
        """The newest first."""
        where = Where(unit=asked.unit, state=asked.state, inspection_kind=asked.inspection_kind)
        where.add(f"unit IN {UNDER}", asked.under)
        if after is not None:
            where.parts.append("(starts_on, inspection_id) < (%s::date, %s::uuid)")
            where.values += after
        statement = (
            f"{SELECT} {where} ORDER BY starts_on DESC, inspection_id DESC LIMIT {limit + 1}"
        )
        rows = fetch(self._pool, statement, [today, *where.values], InspectionRow)
        return cut(rows, NEWEST, limit)

    def before(self, unit: str, position: int) -> UUID | None:
        """The inspection of the same scope that was pinned last before a position."""
        found: Sequence[Any] = fetch(self._pool, BEFORE, [unit, position], lambda each: each)
        return found[0] if found else None
