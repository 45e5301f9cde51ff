"""R3: every window that was missed, and what was entered afterwards: both stand."""

from collections.abc import Iterator
from uuid import UUID

from services.casefile.domain.cadence.obligation import Obligation
from services.casefile.history.cohort import Seen
from services.casefile.history.rows import lag_days
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Cell, Column, Report, Share, Table
from services.casefile.reports.spooling import Spool
from services.casefile.reports.windows import windows

COLUMNS = (
    Column("case", "Case", "case"),
    Column("rule", "Rule"),
    Column("window", "Window"),
    Column("due_on", "Due", "day"),
    Column("obligor", "Owed by", "code"),
    Column("accountable", "Accountable", "staff"),
    Column("unit", "Unit", "unit"),
    Column("outcome", "Outcome", "code"),
    Column("attempts", "Attempts", "count"),
    Column("missed_on", "Declared missed", "moment"),
    Column("done_on", "Done on", "day"),
    Column("entered_on", "Entered", "moment"),
    Column("lag", "Days from doing to entering", "count"),
)
BY = (Column("obligor", "Owed by", "code"), Column("late", "Made good", "share"))
NOTES = (
    "The miss is a record of its own. What was entered afterwards stands beside it.",
    "A window counts by its last day.",
)
MISSED = ("missed", "late")


def draw(ground: Ground) -> Report:
    children: set[UUID] = set()
    rows = Spool(COLUMNS)
    counts: dict[str, list[int]] = {}
    for child, owed in windows(ground):
        children.add(child.id)
        if owed.outcome in MISSED:
            late, all_of = counts.setdefault(owed.obligor, [0, 0])
            counts[owed.obligor] = [late + (owed.outcome == "late"), all_of + 1]
            rows.add((child.id, *told(child, owed)))
    shares = [(obligor, Share(late, all_of)) for obligor, (late, all_of) in sorted(counts.items())]
    return ground.report(
        children=len(children),
        tables=(
            Table(name="made_good", title="Misses, and how many were made good", columns=BY,
                  rows=shares),
            Table(name="misses", title="Misses", columns=COLUMNS, rows=rows),
        ),
        notes=NOTES,
        days=True,
    )  # fmt: skip


def told(child: Seen, owed: Obligation) -> Iterator[Cell]:
    who, window = owed.accountable, owed.window
    yield from (owed.rule, window.key, window.due_on, owed.obligor)
    yield from (who.staff if who else None, who.unit if who else None)
    yield from (owed.outcome, owed.attempts)
    by_id = {entry.record_id: entry for entry in child.entries}
    missed = by_id.get(owed.missed) if owed.missed else None
    yield missed.recorded_at if missed else None
    proofs = [by_id[proof] for proof in owed.proofs if proof in by_id]
    last = max(proofs, key=lambda entry: entry.recorded_at, default=None)
    if last is None or owed.outcome != "late":
        yield from (None, None, None)
    else:
        yield from (last.occurred_on, last.recorded_at, lag_days(last))
