"""R17: what the work plan names for each month and what was done of it, with all a unit did."""

from collections import Counter
from collections.abc import Iterator

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.group import GroupSessionHeld
from services.casefile.domain.families.unit_work import ActivityHeld, WorkPlanItemDone
from services.casefile.domain.record import StreamType
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.lags import is_own
from services.casefile.reports.report import Column, Report, Row, Share, Table
from services.casefile.reports.windows import is_of

UNITS: frozenset[StreamType] = frozenset(("unit", "group", "staff"))
MONTHS = (
    Column("unit", "Unit", "unit"),
    Column("month", "Month"),
    Column("done", "Done", "share"),
    Column("partly", "Partly done", "count"),
    Column("not_done", "Not done", "count"),
)
ITEMS = (
    Column("unit", "Unit", "unit"),
    Column("plan", "Plan"),
    Column("task", "Task"),
    Column("month", "Month"),
    Column("plan_outcome", "Outcome", "code"),
    Column("occurred_on", "Recorded of", "day"),
    Column("entered", "Entered", "moment"),
)
WORK = (
    Column("kind", "Kind", "code"),
    Column("records", "Records", "count"),
    Column("children", "Attendances of children", "count"),
    Column("guardians", "Attendances of guardians", "count"),
)
DUTIES = (
    Column("unit", "Unit", "unit"),
    Column("rule", "Rule"),
    Column("window", "Window"),
    Column("due_on", "Due", "day"),
    Column("outcome", "Outcome", "code"),
)
NOTES = (
    "An item counts in the month the plan names it for, by its last record.",
    (
        "A month of the plan that nobody recorded anything of is not in here: the plan itself is on "
        "paper, and the duties of units say what is owed."
    ),
)


class Work:
    """What the units of a scope did on the days asked about."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.items: dict[tuple[str, str, str], Entry] = {}
        self.duties: list[Row] = []
        self._records: Counter[str] = Counter()
        self._children: Counter[str] = Counter()
        self._guardians: Counter[str] = Counter()
        self.units = 0

    def take(self, seen: Seen) -> None:
        if seen.stream == "unit":
            self.units += 1
            self._duties(seen)
        for entry in seen.current:
            if self._ground.in_days(entry.occurred_on):
                self._count(seen, entry)

    def _count(self, seen: Seen, entry: Entry) -> None:
        if not is_own(entry):
            return
        kind = entry.kind.slug
        self._records[kind] += 1
        if isinstance(entry.rec, GroupSessionHeld):
            self._children[kind] += len(entry.rec.present)
            self._guardians[kind] += entry.rec.guardians_present
        if isinstance(entry.rec, ActivityHeld):
            self._children[kind] += entry.rec.attendances or entry.rec.people or 0
        if isinstance(entry.rec, WorkPlanItemDone):
            self._item(seen, entry, entry.rec)

    def _item(self, seen: Seen, entry: Entry, rec: WorkPlanItemDone) -> None:
        key = (str(seen.fact("unit.code")), rec.plan, rec.task)
        known = self.items.get(key)
        if known is None or order(known) <= order(entry):
            self.items[key] = entry

    def _duties(self, seen: Seen) -> None:
        unit = str(seen.fact("unit.code"))
        for owed in seen.obligations:
            if self._ground.in_days(owed.window.ends_on) and is_of(self._ground, owed):
                window = (owed.rule, owed.window.key, owed.window.due_on, owed.outcome)
                self.duties.append((unit, *window))

    def rows(self) -> Iterator[Row]:
        for kind, count in sorted(self._records.items()):
            yield kind, count, self._children[kind], self._guardians[kind]

    def count(self, kind: str) -> int:
        return self._records[kind]

    @property
    def heads(self) -> tuple[int, int]:
        """Attendances of children and of guardians, at sessions of groups."""
        return self._children["group_session"], self._guardians["group_session"]


def draw(ground: Ground) -> Report:
    work = worked(ground)
    ground.refuse_empty(work.units)
    return ground.report(
        tables=(
            Table(name="months", title="Plan and done, by month", columns=MONTHS,
                  rows=list(months(work))),
            Table(name="items", title="Items of the plan", columns=ITEMS, rows=list(items(work))),
            Table(name="work", title="Work done", columns=WORK, rows=list(work.rows())),
            Table(name="duties", title="Duties of units", columns=DUTIES, rows=work.duties),
        ),
        notes=NOTES,
        days=True,
    )  # fmt: skip


def worked(ground: Ground) -> Work:
    work = Work(ground)
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(UNITS, ground.progress, ground.asked.unit):
        if seen.is_within(ground.asked.unit):
            work.take(seen)
    return work


def months(work: Work) -> Iterator[Row]:
    found: dict[tuple[str, str], Counter[str]] = {}
    for (unit, _, _), entry in work.items.items():
        assert isinstance(entry.rec, WorkPlanItemDone)
        found.setdefault((unit, entry.rec.month), Counter())[entry.rec.outcome] += 1
    for unit, month in sorted(found):
        counts = found[unit, month]
        done = Share(counts["done"], counts.total())
        yield unit, month, done, counts["partly_done"], counts["not_done"]


def items(work: Work) -> Iterator[Row]:
    for (unit, plan, task), entry in sorted(work.items.items()):
        assert isinstance(entry.rec, WorkPlanItemDone)
        outcome = (entry.rec.month, entry.rec.outcome)
        yield (unit, plan, task, *outcome, entry.occurred_on, entry.recorded_at)


def order(entry: Entry) -> tuple[object, int]:
    return (entry.occurred_on, entry.version)
