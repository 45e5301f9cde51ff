"""Whom an inspection may draw: the children of its scope at its cut, each with the strata it is in."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from threading import Lock
from typing import Literal, NamedTuple
from uuid import UUID

from services.casefile.domain.facts import Facts, value
from services.casefile.domain.sampling import EVERYBODY, UNPLACED
from services.casefile.history.cohort import AtCut, Cohort, Progress, Seen
from services.casefile.history.pinning import Pinned
from services.casefile.rulebooks.what_if import in_silence

StratifiedBy = Literal["none", "township", "school", "class_unit", "care_level"]
REMEMBERED = 4


class Strata(NamedTuple):
    """What a child can be grouped by; the code of a unit, a level, or that there is none."""

    township: str
    school: str
    class_unit: str
    care_level: str

    def of(self, stratified_by: StratifiedBy) -> str:
        return EVERYBODY if stratified_by == "none" else str(getattr(self, stratified_by))


class Scope(NamedTuple):
    """A unit with all below it, at a cut, and the first day of the time that is looked at."""

    unit: str
    pinned: Pinned
    since: date

    @classmethod
    def of(cls, facts: Facts) -> "Scope":
        """That of an inspection."""
        pinned = Pinned(
            value(facts, "inspection.as_of"),
            value(facts, "inspection.position"),
            value(facts, "inspection.known_at"),
        )
        return cls(value(facts, "inspection.unit"), pinned, value(facts, "inspection.since"))


class Populations:
    """Reads the log up to the cut. What a cut shows never changes, so the last few are kept."""

    def __init__(self, cohort: Cohort) -> None:
        self._cohort = cohort
        self._held: OrderedDict[Scope, Mapping[UUID, Strata]] = OrderedDict()
        self._lock = Lock()

    def is_empty(self, scope: Scope) -> bool:
        """Whether there is nobody; the first child found ends the search."""
        at = self._cohort.at(scope.pinned)
        at.unit(scope.unit)
        return not any(was_on_file(seen, scope.since) for seen in at.cases(scope.unit))

    def of(self, scope: Scope, report: Progress = in_silence) -> Mapping[UUID, Strata]:
        """Every child of the scope who was on file at some time since its first day."""
        with self._lock:
            if (held := self._held.get(scope)) is not None:
                self._held.move_to_end(scope)
                return held
        found = self._read(scope, report)
        with self._lock:
            self._held[scope] = found
            while len(self._held) > REMEMBERED:
                self._held.popitem(last=False)
        return found

    def _read(self, scope: Scope, report: Progress) -> Mapping[UUID, Strata]:
        placing = Placing(self._cohort.at(scope.pinned))
        cases = placing.at.cases(scope.unit, report)
        return {s.id: placing.strata(s) for s in cases if was_on_file(s, scope.since)}


class Placing:
    """Which township a child belongs to, by the units as they stood at the cut."""

    def __init__(self, at: AtCut) -> None:
        self.at = at
        self._townships: dict[str, str] = {}

    def strata(self, seen: Seen) -> Strata:
        return Strata(
            township=next((t for place in seen.places if (t := self._above(place))), UNPLACED),
            school=word(seen.fact("child.school")),
            class_unit=word(seen.fact("child.class_unit")),
            care_level=word(seen.fact("level.care")),
        )

    def _above(self, place: str) -> str:
        """The township that a unit is, or lies in."""
        if place not in self._townships:
            chain = self.at.units.chain(place, self.at.pinned.as_of)
            self._townships[place] = next((u for u in chain if self._is_township(u)), "")
        return self._townships[place]

    def _is_township(self, unit: str) -> bool:
        return self.at.unit(unit).fact("unit.kind") == "township"


def was_on_file(seen: Seen, since: date) -> bool:
    """Open at the cut, or closed within the time that is looked at: a close hides nothing.

    A file that was merged into another is seen there.
    """
    status = seen.facts["status"]
    return status.value == "open" or (status.value == "closed" and status.since >= since)


def word(found: object) -> str:
    return UNPLACED if found is None else str(found)
