"""R23: what was planned for the children and what was done, by priority and by goal."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.plan import (
    CarePlanAdopted,
    CarePlanRevised,
    IndividualPlanAdopted,
)
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Share, Table
from services.casefile.reports.service_categories import (
    GOALS,
    PRIORITIES,
    SERVICES,
    Category,
    category_of,
)

OWN = (
    Column("planned", "Children with a plan that names it", "share"),
    Column("deliveries", "Records of it", "count"),
    Column("children", "Children with at least one", "share"),
    Column("delivered", "Of those it was planned for", "share"),
)
PRIORITY, GOAL = (
    Column("priority", "Service priority", "code"),
    Column("goal", "Service goal", "code"),
)
KINDS = (
    PRIORITY,
    GOAL,
    Column("kind", "Kind", "code"),
    Column("deliveries", "Records of it", "count"),
    Column("children", "Children with at least one", "share"),
)
SERVICE = (
    PRIORITY,
    GOAL,
    Column("service", "Service", "code"),
    Column("planned", "Children with a plan that names it", "share"),
)
OPEN = (Column("case", "Case", "case"), PRIORITY)
Plan = CarePlanAdopted | CarePlanRevised | IndividualPlanAdopted
NOTES = (
    (
        "The sources name the three priorities (study, life, activity), the fourth (safety) and the "
        "four goals, and not what falls under each. Which service of a plan and which kind of record "
        "belongs where is Casefile's reading, listed below; what belongs nowhere is counted as such."
    ),
    (
        "Planned: a care plan or an individual plan that ran on one of the days names such a service. "
        "A plan runs until the next one of its sort begins."
    ),
    (
        "Counted are all files of the scope, open or closed, and records of the days asked about; a "
        "contact that did not come about is none. One record counts once in each table."
    ),
)


class Categories:
    """Planned and delivered, for one way of sorting services."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self.planned: defaultdict[str, set[UUID]] = defaultdict(set)
        self.delivered: defaultdict[str, set[UUID]] = defaultdict(set)
        self.deliveries: Counter[str] = Counter()

    def deliver(self, name: str, child: UUID) -> None:
        self.deliveries[name] += 1
        self.delivered[name].add(child)

    def rows(self, children: int) -> Iterator[Row]:
        for name in self._names:
            planned, delivered = self.planned[name], self.delivered[name]
            shares = (Share(len(each), children) for each in (planned, delivered))
            kept = Share(len(planned & delivered), len(planned))
            yield name, next(shares), self.deliveries[name], next(shares), kept


class Services:
    """The children of a scope, file by file."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.children = 0
        self.priorities, self.goals = Categories(PRIORITIES), Categories(GOALS)
        self._kinds = Counter[tuple[Category, str]]()
        self._had: defaultdict[tuple[Category, str], set[UUID]] = defaultdict(set)
        self._named: defaultdict[str, set[UUID]] = defaultdict(set)

    def take(self, child: Seen) -> None:
        self.children += 1
        for service in planned(self._ground, child):
            self._named[service].add(child.id)
            priority, goal = SERVICES[service]
            self.priorities.planned[priority].add(child.id)
            self.goals.planned[goal].add(child.id)
        for entry in child.current:
            if self._ground.in_days(entry.occurred_on):
                self._deliver(child.id, entry)

    def kinds(self) -> Iterator[Row]:
        for found, count in sorted(self._kinds.items()):
            category, kind = found
            yield *category, kind, count, Share(len(self._had[found]), self.children)

    def services(self) -> Iterator[Row]:
        for service, category in SERVICES.items():
            yield *category, service, Share(len(self._named[service]), self.children)

    def open(self) -> Iterator[Row]:
        """Planned for a child, and nothing of it on file."""
        for priority in PRIORITIES:
            without = self.priorities.planned[priority] - self.priorities.delivered[priority]
            yield from ((child, priority) for child in sorted(without))

    def _deliver(self, child: UUID, entry: Entry) -> None:
        category = category_of(entry.kind.slug, entry.rec)
        if category is None:
            return
        self.priorities.deliver(category.priority, child)
        self.goals.deliver(category.goal, child)
        self._kinds[category, entry.kind.slug] += 1
        self._had[category, entry.kind.slug].add(child)


def draw(ground: Ground) -> Report:
    services = Services(ground)
    for child in ground.cases():
        services.take(child)
    whole = services.children
    tables = [
        Table(name="priorities", title="By priority", columns=(PRIORITY, *OWN),
              rows=list(services.priorities.rows(whole))),
        Table(name="goals", title="By goal", columns=(GOAL, *OWN),
              rows=list(services.goals.rows(whole))),
        Table(name="kinds", title="Which records count where", columns=KINDS,
              rows=list(services.kinds())),
        Table(name="services", title="Which services of a plan count where", columns=SERVICE,
              rows=list(services.services())),
    ]  # fmt: skip
    if ground.reader.case_level:
        tables.append(
            Table(name="open", title="Planned, and nothing of it on file", columns=OPEN,
                  rows=list(services.open()))
        )  # fmt: skip
    return ground.report(children=whole, tables=tables, notes=NOTES, days=True)


def planned(ground: Ground, child: Seen) -> set[str]:
    """The services that plans name which ran on one of the days."""
    entries = [e for e in child.current if isinstance(e.rec, Plan)]
    individual = [e for e in entries if isinstance(e.rec, IndividualPlanAdopted)]
    care = [e for e in entries if e not in individual]
    plans = (*running(care), *running(individual))
    return {
        measure.service
        for rec, first, last in plans
        if first <= ground.until and (last is None or last >= ground.since)
        for measure in rec.measures
    }


def running(entries: list[Entry]) -> Iterator[tuple[Plan, date, date | None]]:
    """Each plan with its first and its last day: its own, or the day before the next took over."""
    entries.sort(key=lambda e: (e.occurred_on, e.version))
    for number, (entry, following) in enumerate(zip_longest(entries, entries[1:])):
        assert isinstance(entry.rec, Plan)
        first = took_over(entry) if number else entry.rec.starts_on
        last = None if following is None else took_over(following) - timedelta(days=1)
        days = (day for day in (entry.rec.ends_on, last) if day is not None)
        yield entry.rec, first, min(days, default=None)


def took_over(entry: Entry) -> date:
    """The day from which a plan stands in for the one before it."""
    assert isinstance(entry.rec, Plan)
    return max(entry.rec.starts_on, entry.occurred_on)
