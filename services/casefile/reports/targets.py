"""R28: the targets of a work plan, and how much of each is on file: one home, five trained, twenty."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.assignment import PairingEstablished
from services.casefile.domain.families.organisation import UnitRegistered
from services.casefile.domain.families.staff import MentorAppointed, WorkerTrained
from services.casefile.domain.families.unit_work import WorkPlanItemDone
from services.casefile.domain.record import Record, StreamType
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Cell, Column, Report, Row, Share, Table

STREAMS: frozenset[StreamType] = frozenset(("case", "unit", "staff"))
CARING = ("caring_mother", "caring_father", "caring_parent")
COLUMNS = (
    Column("unit", "Unit", "unit"),
    Column("plan", "Plan"),
    Column("task", "Task"),
    Column("month", "Month"),
    Column("counts", "Counts", "code"),
    Column("target", "Target figure", "count"),
    Column("on_file", "On file, of the target", "share"),
    Column("stated", "Stated by the unit, of the target", "share"),
    Column("outcome", "Outcome", "code"),
)
NOTES = (
    (
        "Targets are those that records of plan items state, by the last one of the days asked about; "
        "months and outcomes of all items are in R17."
    ),
    (
        "On file is what happened on the days asked about in the unit and below it, counted from its "
        "own records: homes registered, different staff trained, caring parents appointed, children "
        "paired. Of other targets only what the unit states is known."
    ),
    "A unit above and one below it can count the same: targets are not added up.",
)


class Target(NamedTuple):
    """One item of a plan, with all that its records of these days say."""

    unit: str
    plan: str
    task: str
    records: tuple[WorkPlanItemDone, ...]

    def said(self, field: str) -> Cell:
        """By the last record that says anything of it."""
        found = (getattr(rec, field) for rec in reversed(self.records))
        return next((each for each in found if each is not None), None)


class Targets:
    """Plan items of the units of a scope, and what was done there."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._items: defaultdict[tuple[str, str, str], list[Entry]] = defaultdict(list)
        self._done: defaultdict[str, dict[UUID, tuple[str, ...]]] = defaultdict(dict)
        self.children = 0

    def take(self, seen: Seen) -> None:
        self.children += seen.stream == "case" and seen.is_open
        for entry in seen.current:
            rec = entry.rec
            if not self._ground.in_days(entry.occurred_on):
                continue
            if isinstance(rec, WorkPlanItemDone):
                self._items[str(seen.fact("unit.code")), rec.plan, rec.task].append(entry)
            elif (counted := counted_as(rec)) is not None:
                self._done[counted][seen.id] = seen.places

    def rows(self) -> Iterator[Row]:
        for (unit, plan, task), entries in sorted(self._items.items()):
            entries.sort(key=lambda e: (e.occurred_on, e.version))
            records = tuple(e.rec for e in entries if isinstance(e.rec, WorkPlanItemDone))
            target = Target(unit, plan, task, records)
            if isinstance(wanted := target.said("target_count"), int):
                yield (*target[:3], target.said("month"), *self._of(target, wanted))

    def _of(self, target: Target, wanted: int) -> Row:
        counts, stated = target.said("counts"), target.said("done_count")
        on_file = None if counts is None else Share(self._below(str(counts), target.unit), wanted)
        said = Share(stated, wanted) if isinstance(stated, int) else None
        return counts, wanted, on_file, said, target.said("outcome")

    def _below(self, counts: str, unit: str) -> int:
        below = self._ground.at.below(unit)
        return sum(any(p in below for p in places) for places in self._done[counts].values())


def draw(ground: Ground) -> Report:
    targets = Targets(ground)
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(STREAMS, ground.progress, ground.asked.unit):
        if seen.is_within(ground.asked.unit):
            targets.take(seen)
    table = Table(name="targets", title="Targets", columns=COLUMNS, rows=list(targets.rows()))
    return ground.report(children=targets.children, tables=(table,), notes=NOTES, days=True)


def counted_as(rec: Record) -> str | None:
    """What kind of target a record counts for."""
    match rec:
        case UnitRegistered() if rec.unit_kind == "home":
            return "homes"
        case WorkerTrained():
            return "trained_staff"
        case MentorAppointed() if rec.local_title in CARING:
            return "caring_parents"
        case PairingEstablished():
            return "paired_children"
    return None
