"""R29: what nobody gave the children, how long already, and how many of them one person has."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.protection import ReferralMade
from services.casefile.domain.record import StreamType
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.load import Load, answering
from services.casefile.reports.report import Column, Report, Row, Share, Table
from services.casefile.reports.tallying import Tally

STREAMS: frozenset[StreamType] = frozenset(("case", "staff"))
DERIVED = ("longest", "per_staff", "per_week")
DOMAINS = ("study", "life", "psychology", "safety", "health")
UNMET = (
    Column("need", "Need", "code"),
    Column("referrals", "Referrals", "count"),
    Column("children", "Children", "share"),
    Column("longest", "Longest, in days", "text"),
)
OPEN = (
    Column("to", "Asked", "code"),
    Column("referrals", "Referrals", "count"),
    Column("overdue", "No answer by the day asked for", "count"),
    Column("longest", "Longest, in days", "text"),
)
CASES = (
    Column("case", "Case", "case"),
    Column("need", "Need", "code"),
    Column("to", "Asked", "code"),
    Column("outcome", "Outcome", "code"),
    Column("made_on", "Asked on", "day"),
    Column("days", "Days since", "count"),
    Column("staff", "Who answers for the child"),
)
UNITS = (
    Column("branch", "Unit", "unit"),
    Column("children", "Children", "count"),
    Column("staff_count", "Staff who answer for them", "count"),
    Column("per_staff", "Children for each of them", "text"),
    Column("records", "Records", "count"),
    Column("per_week", "Records a week", "text"),
)
POSTS = (
    Column("role", "Role", "code"),
    Column("staff_count", "Staff", "count"),
    Column("per_staff", "Children for each of them", "text"),
)
PEOPLE = (
    Column("staff", "Member of staff", "staff"),
    Column("children", "Children", "count"),
    Column("records", "Records", "count"),
    Column("per_week", "Records a week", "text"),
)
NOTES = (
    (
        "Unmet is a need that was referred and closed without help, or with help only in part; it "
        "stands until a later referral of the same need helped. Days run from the day another office "
        "was asked."
    ),
    (
        "Counted are open files at the cut. Records are those people wrote of the days asked about; "
        "children for each are by who answers for them, as a worker or a mentor, at the cut."
    ),
    "What is on file is the least there is: a need that nobody wrote down is not in here.",
)


class Unmet:
    """Needs and referrals of the children of a scope."""

    def __init__(self, day: date) -> None:
        self._day = day
        self.children = 0
        self.needs = Tally()
        self._unmet: Counter[str] = Counter()
        self._having: defaultdict[str, set[UUID]] = defaultdict(set)
        self._open: Counter[str] = Counter()
        self._overdue: Counter[str] = Counter()
        self._longest: Counter[tuple[str, str]] = Counter()
        self.cases: list[Row] = []

    def take(self, child: Seen) -> None:
        self.children += 1
        self.needs.add("lacking", *several(child.fact("needs.lacking")))
        self.needs.add("pressing", *several(child.fact("needs.pressing")))
        urgent = (each for each in DOMAINS if child.fact(f"needs.{each}") == "urgent")
        self.needs.add("urgent", *urgent)
        by = ", ".join(sorted(answering(child)))
        for entry, rec in referrals(child):
            outcome = child.fact(f"needs.unmet.{entry.record_id}")
            if child.fact(f"referrals.{entry.record_id}") is not None:
                self._wait(entry, rec)
                outcome = "still_open"
            elif outcome is None or is_helped_since(child, entry, rec):
                continue
            else:
                self._miss(child, entry, rec)
            what = (rec.need, rec.to, str(outcome), entry.occurred_on, self._days(entry))
            self.cases.append((child.id, *what, by))

    def unmet(self) -> Iterator[Row]:
        for need, count in sorted(self._unmet.items()):
            children = Share(len(self._having[need]), self.children)
            yield need, count, children, str(self._longest["unmet", need])

    def open(self) -> Iterator[Row]:
        for to, count in sorted(self._open.items()):
            yield to, count, self._overdue[to], str(self._longest["open", to])

    def _miss(self, child: Seen, entry: Entry, rec: ReferralMade) -> None:
        self._unmet[rec.need] += 1
        self._having[rec.need].add(child.id)
        self._stretch("unmet", rec.need, entry)

    def _wait(self, entry: Entry, rec: ReferralMade) -> None:
        self._open[rec.to] += 1
        self._overdue[rec.to] += rec.respond_by is not None and rec.respond_by < self._day
        self._stretch("open", rec.to, entry)

    def _stretch(self, state: str, code: str, entry: Entry) -> None:
        self._longest[state, code] = max(self._longest[state, code], self._days(entry))

    def _days(self, entry: Entry) -> int:
        return (self._day - entry.occurred_on).days


def draw(ground: Ground) -> Report:
    unmet, load = Unmet(ground.at.pinned.as_of), Load(ground)
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(STREAMS, ground.progress, ground.asked.unit):
        if not seen.is_within(ground.asked.unit):
            continue
        if seen.stream == "staff":
            load.take_staff(seen)
        elif seen.fact("status") is not None:
            load.take_child(seen)
            if seen.is_open:
                unmet.take(seen)
    ground.refuse_empty(unmet.children)
    return ground.report(
        children=unmet.children, tables=tables(ground, unmet, load), notes=NOTES, days=True
    )


def tables(ground: Ground, unmet: Unmet, load: Load) -> list[Table]:
    found = [
        Table(name="unmet", title="Unmet needs", columns=UNMET, rows=list(unmet.unmet())),
        Table(name="open", title="Referrals without an answer", columns=OPEN,
              rows=list(unmet.open())),
        unmet.needs.table("needs", "Needs that were found"),
        Table(name="units", title="Load by unit", columns=UNITS, rows=list(load.units())),
        Table(name="posts", title="Posts", columns=POSTS, rows=list(load.posts())),
    ]  # fmt: skip
    if not ground.reader.case_level:
        return [without_derived(table) for table in found]
    people = Table(name="people", title="Load by person", columns=PEOPLE, rows=list(load.people()))
    cases = Table(
        name="cases", title="Cases with a need still open", columns=CASES, rows=unmet.cases
    )
    return [*found, people, cases]


def without_derived(table: Table) -> Table:
    """A count that is hidden could be worked out from what was reckoned with it."""
    kept = [place for place, column in enumerate(table.columns) if column.name not in DERIVED]
    return msgspec.structs.replace(
        table,
        columns=[table.columns[place] for place in kept],
        rows=[[row[place] for place in kept] for row in table.rows],
    )


def referrals(child: Seen) -> Iterator[tuple[Entry, ReferralMade]]:
    return ((e, e.rec) for e in child.current if isinstance(e.rec, ReferralMade))


def is_helped_since(child: Seen, entry: Entry, rec: ReferralMade) -> bool:
    """Whether the same need was referred again and helped with."""
    return any(
        later.need == rec.need
        and (made.occurred_on, made.version) > (entry.occurred_on, entry.version)
        and child.fact(f"referrals.{made.record_id}") is None
        and child.fact(f"needs.unmet.{made.record_id}") is None
        for made, later in referrals(child)
    )


def several(found: object) -> Iterator[str]:
    return iter(found) if isinstance(found, list | tuple) else iter(())
