"""The windows a report is about: what was owed to the children of a scope on the days asked for."""

from collections.abc import Iterator
from typing import NamedTuple

from services.casefile.domain.cadence.obligation import Obligation
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
    """The grades of a child's records at the cut."""

    def __init__(self, child: Seen) -> None:
        self._later: Grades = added(child.entries)
        self._by_id = {entry.record_id: entry for entry in child.entries}

    def proofs(self, owed: Obligation, least: int) -> int:
        """How many proofs of a window have at least that grade."""
        found = (self._by_id[each] for each in owed.proofs if each in self._by_id)
        return sum(grade(entry, self._later) >= least for entry in found)
