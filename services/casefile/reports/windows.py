"""The windows a report is about: what was owed to the children of a scope on the days asked for."""

from collections.abc import Iterator
from typing import NamedTuple

from services.casefile.domain.cadence.obligation import Obligation
from services.casefile.domain.entry import Entry
from services.casefile.domain.evidence_grade import Grades, added, grade
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground

DONE = ("fulfilled", "late")


class Window(NamedTuple):
    """One obligation, with the child it was owed to."""

    child: Seen
    owed: Obligation


def windows(ground: Ground) -> Iterator[Window]:
    """Windows that ended on the days asked about, child by child."""
    for child in ground.cases():
        for owed in child.obligations:
            if ground.in_days(owed.window.ends_on) and is_of(ground, owed):
                yield Window(child, owed)


def is_of(ground: Ground, owed: Obligation) -> bool:
    """Whether it was owed by the member of staff asked about."""
    staff = ground.asked.staff
    return staff is None or (owed.accountable is not None and owed.accountable.staff == staff)


class Evidence:
    """Which windows of a child are kept on evidence of at least a grade, at the cut."""

    def __init__(self, child: Seen, least: int) -> None:
        self._least = least
        self._later: Grades = added(child.entries)
        owed = child.owed_if(self._counts)
        self._kept = {place_of(each) for each in owed if each.outcome == "fulfilled"}

    def proves(self, owed: Obligation) -> bool:
        """Whether the window is kept by records of that grade, be they others than those it has."""
        return place_of(owed) in self._kept

    def _counts(self, entry: Entry) -> bool:
        return grade(entry, self._later) >= self._least


def place_of(owed: Obligation) -> tuple[str, int, str, str]:
    return (owed.policy, owed.version, owed.rule, owed.window.key)
