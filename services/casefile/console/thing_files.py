"""Pages about one thing as files: what is said of it, line by line, and what belongs to it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.casefile.console.listing import report_of
from services.casefile.console.visit import Visit
from services.casefile.reports.dossier import told
from services.casefile.reports.report import Column, Report, Row, Scope, Table

ITEMS = (Column("fact", "Item", "code"), Column("says", "Value", "fields"))
ACTS = (
    Column("occurred_on", "Happened on", "day"),
    Column("recorded_at", "recorded_at", "moment"),
    Column("kind", "Kind", "code"),
    Column("staff", "By", "staff"),
    Column("role", "Role", "code"),
    Column("says", "Value", "fields"),
)
CASES = (Column("case", "Case", "case"), Column("state", "State", "code"))
# What places a record, for the lines above what it says.
PLACES = (
    "kind", "record_id", "version", "position", "occurred_on", "occurred_at", "recorded_at",
    "lag_days", "performed_by", "recorded_by", "source", "group", "late_reason", "annulled",
)  # fmt: skip


def items(values: Mapping[str, Any]) -> list[Row]:
    """What is not said has no line."""
    return [(name, told({name: v})) for name, v in values.items() if v not in (None, "", (), [])]


def acts(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Records about one thing, in their order: who said what, when."""
    return [
        (
            row.get("occurred_on"),
            row["recorded_at"],
            row["kind"],
            *by(row),
            told(row["fields"]),
        )
        for row in rows
    ]


def by(row: Mapping[str, Any]) -> tuple[Any, Any]:
    author = row.get("recorded_by") or row["by"]
    return author["staff"], author["role"]


def thing(
    visit: Visit,
    name: str,
    title: str,
    values: Mapping[str, Any],
    *more: Table,
    scope: Scope | None = None,
) -> Report:
    return report_of(visit, name, title, ITEMS, items(values), scope=scope, more=more)


def record(visit: Visit, row: Mapping[str, Any], scope: Scope) -> Report:
    """One record with what was done to it later."""
    values = {name: row.get(name) for name in PLACES} | row["fields"]
    later = [each | {"fields": of_amendment(each)} for each in row["amendments"]]
    amended = Table(name="amendments", title="Amendments", columns=ACTS, rows=acts(later))
    evidence = {"evidence": [f"{e['kind']} {e['sha256']}" for e in row["evidence"]]}
    return thing(visit, "record", "One record", values | evidence, amended, scope=scope)


def of_amendment(each: Mapping[str, Any]) -> dict[str, Any]:
    """Why, and each field as it was and as it reads since."""
    said = {"reason": each["reason"], "ground": each["ground"]}
    changed = {c["field"]: {"from": c["from"], "to": c["to"]} for c in each["changes"]}
    return {name: value for name, value in (said | changed).items() if value is not None}


def children(name: str, title: str, found: Mapping[str, Sequence[Any]]) -> Table:
    """Case numbers, each with the state it is in."""
    rows = [(case, state) for state, cases in found.items() for case in cases]
    return Table(name=name, title=title, columns=CASES, rows=rows)
