"""R10: which children somebody stands by, and how many each of the helpers has."""

from collections import Counter, defaultdict
from uuid import UUID

from services.casefile.history.cohort import CASES, Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.report import Column, Report, Row, Share, Table

UNITS = (
    Column("branch", "Unit", "unit"),
    Column("paired", "Paired", "share"),
    Column("priority", "Paired, of those with particular attention", "share"),
)
KINDS = (Column("pairing_kind", "Kind of pairing", "code"), Column("pairs", "Pairs", "count"))
MENTORS = (
    Column("staff", "Member of staff", "staff"),
    Column("children", "Children", "count"),
    Column("most", "At most", "count"),
    Column("state", "State", "code"),
)
USUAL_MOST = 3
NOTES = (
    "Counted are open files and the pairings that ran at the cut.",
    "Without an appointment that says another number, three children are the most for one person.",
)


class Coverage:
    """Children of one unit."""

    def __init__(self) -> None:
        self.children = self.paired = self.priority = self.priority_paired = 0

    def take(self, child: Seen, *, paired: bool) -> None:
        self.children += 1
        self.paired += paired
        if child.fact("level.priority") is not None:
            self.priority += 1
            self.priority_paired += paired

    @property
    def cells(self) -> Row:
        of_priority = Share(self.priority_paired, self.priority)
        return Share(self.paired, self.children), of_priority


def draw(ground: Ground) -> Report:
    units: defaultdict[str, Coverage] = defaultdict(Coverage)
    kinds: Counter[str] = Counter()
    mentors: defaultdict[str, set[UUID]] = defaultdict(set)
    most: dict[str, int] = {}
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(CASES | {"staff"}, ground.progress, ground.asked.unit):
        if seen.stream == "staff":
            most |= bounds(seen)
        elif seen.is_open and seen.is_within(ground.asked.unit):
            take(ground, seen, units, kinds, mentors)
    children = sum(unit.children for unit in units.values())
    ground.refuse_empty(children)
    tables = [
        Table(name="units", title="By unit", columns=UNITS,
              rows=[(unit, *units[unit].cells) for unit in sorted(units)]),
        Table(name="kinds", title="By kind", columns=KINDS, rows=sorted(kinds.items())),
    ]  # fmt: skip
    if ground.reader.case_level:
        rows = [loaded(staff, len(mine), most) for staff, mine in sorted(mentors.items())]
        tables.append(Table(name="mentors", title="By helper", columns=MENTORS, rows=rows))
    return ground.report(children=children, tables=tables, notes=NOTES)


def take(
    ground: Ground,
    child: Seen,
    units: defaultdict[str, Coverage],
    kinds: Counter[str],
    mentors: defaultdict[str, set[UUID]],
) -> None:
    pairings = [fact.value for fact in child.under("pairings").values()]
    place = branch(ground, child.places, ground.at.pinned.as_of) or ""
    units[place].take(child, paired=bool(pairings))
    for pairing in pairings:
        kinds[pairing["pairing_kind"]] += 1
        if pairing.get("mentor"):
            mentors[pairing["mentor"]].add(child.id)


def bounds(seen: Seen) -> dict[str, int]:
    mentor = seen.fact("mentor")
    return {str(seen.fact("staff.id")): mentor["max_children"]} if isinstance(mentor, dict) else {}


def loaded(staff: str, children: int, most: dict[str, int]) -> Row:
    at_most = most.get(staff, USUAL_MOST)
    return staff, children, at_most, "too_many" if children > at_most else "within_bounds"
