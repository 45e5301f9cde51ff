"""What R29 counts of the work: who answers for how many children, and how much was written down."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from services.casefile.domain.staff_posts import post_on
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.lags import is_own
from services.casefile.reports.report import Row

# Shown even when nobody has the post: the sources say that these are wanting.
WANTED = ("counsellor", "social_worker")
DAYS_OF_A_WEEK = 7


class Load:
    """Children, staff and records of a scope."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._children: Counter[str] = Counter()
        self._staff: defaultdict[str, set[str]] = defaultdict(set)
        self._answering: defaultdict[str, set[UUID]] = defaultdict(set)
        self._records: Counter[str] = Counter()
        self._by_unit: Counter[str] = Counter()
        self._posts: Counter[str] = Counter(dict.fromkeys(WANTED, 0))

    def take_staff(self, seen: Seen) -> None:
        post = post_on(seen.facts, self._ground.at.pinned.as_of)
        if post is not None:
            self._posts[post.role] += 1

    def take_child(self, child: Seen) -> None:
        unit = branch(self._ground, child.places, self._ground.at.pinned.as_of) or ""
        if child.is_open:
            self._children[unit] += 1
            for staff in answering(child):
                self._answering[staff].add(child.id)
                self._staff[unit].add(staff)
        for entry in child.current:
            if self._ground.in_days(entry.occurred_on) and is_own(entry):
                self._records[(entry.env.performed_by or entry.env.recorded_by).staff] += 1
                self._by_unit[unit] += 1

    def units(self) -> Iterator[Row]:
        for unit in sorted(self._children | self._by_unit):
            staff, records = len(self._staff[unit]), self._by_unit[unit]
            yield (
                unit,
                self._children[unit],
                staff,
                per(self._children[unit], staff),
                records,
                self._a_week(records),
            )

    def posts(self) -> Iterator[Row]:
        children = self._children.total()
        for role, staff in sorted(self._posts.items()):
            yield role, staff, per(children, staff)

    def people(self) -> Iterator[Row]:
        """Who answers for children, or wrote something down of them."""
        for staff in sorted(self._answering.keys() | self._records.keys()):
            records = self._records[staff]
            yield staff, len(self._answering[staff]), records, self._a_week(records)

    def _a_week(self, records: int) -> str:
        return per(records * DAYS_OF_A_WEEK, days(self._ground.since, self._ground.until))


def answering(child: Seen) -> set[str]:
    """Workers and mentors of the child, each once."""
    workers = {fact.value["staff"] for fact in child.under("workers").values()}
    mentors = {fact.value.get("mentor") for fact in child.under("pairings").values()}
    return {str(staff) for staff in workers | mentors if staff is not None}


def per(whole: int, parts: int) -> str:
    return f"{whole / parts:.1f}" if parts > 0 else ""


def days(first: date, last: date) -> int:
    return (last - first).days + 1
