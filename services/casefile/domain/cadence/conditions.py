"""Whether a rule asks for anything on a day: the file is open, in scope, the child is one it is for."""

from datetime import date
from typing import Any, NamedTuple

from services.casefile.domain.cadence.known import View
from services.casefile.domain.cadence.obligation import Place
from services.casefile.domain.cadence.policy import Applies, Codes
from services.casefile.domain.cadence.rulebook import Ruling, Units
from services.casefile.domain.cadence.shapes import ByLevelShape, Span

PLACES = ("village", "school", "class_unit")


class Day(NamedTuple):
    """A day as the first entries of a stream have it."""

    view: View
    day: date
    version: int

    def ask(self, path: str) -> Any:
        return self.view.value(path, self.day, self.version)


def is_asked(ruling: Ruling, span: Span | None, on: Day, units: Units) -> bool:
    """Whether the rule holds for this child on this day, were nothing suspended or waived."""
    if on.ask("status") != "open":
        return False
    shape = ruling.rule.shape
    if isinstance(shape, ByLevelShape) and shape.every.get(level_of(shape, on)) != span:
        return False
    return in_scope(ruling, on, units) and fits(ruling.rule.applies, on)


def level_of(shape: ByLevelShape, on: Day) -> str:
    """A child nobody has set a level for has the lowest."""
    lowest = {"care": "universal", "risk": "green"}[shape.level]
    return str(on.ask(f"level.{shape.level}") or lowest)


def in_scope(ruling: Ruling, on: Day, units: Units) -> bool:
    unit = ruling.policy.unit
    if unit is None:
        return True
    places = (on.ask(f"child.{name}") for name in PLACES)
    return any(unit in units.chain(place, on.day) for place in places if place is not None)


def fits(applies: Applies, on: Day) -> bool:
    """Whether the child is one that the rule is for; what it does not name does not matter."""
    return (
        all(not names or on.ask(path) in names for names, path in _codes(applies))
        and (not applies.population or is_of(applies.population, on))
        and (not applies.difficulty or _has_difficulty(applies, on))
        and (not applies.special_status or _has_status(applies, on))
        and (applies.priority is None or (on.ask("level.priority") is not None) is applies.priority)
    )


def _codes(applies: Applies) -> tuple[tuple[Codes, str], ...]:
    return (
        (applies.care_level, "level.care"),
        (applies.risk_level, "level.risk"),
        (applies.boarding, "school.boarding"),
        (applies.guardian_type, "guardian.type"),
        (applies.school_status, "school.status"),
    )


def _has_difficulty(applies: Applies, on: Day) -> bool:
    return not set(applies.difficulty).isdisjoint(on.ask("child.difficulties") or ())


def _has_status(applies: Applies, on: Day) -> bool:
    return any(on.ask(f"child.special.{status}") for status in applies.special_status)


def is_of(wanted: tuple[str, ...], on: Day) -> bool:
    """A child of both populations is of either."""
    population = on.ask("child.population")
    return population in wanted or (
        population == "both" and not {"left_behind", "in_difficulty"}.isdisjoint(wanted)
    )


def is_suspended(on: Day) -> bool:
    return bool(on.view.under("suspensions", on.day, on.version))


def place_of(on: Day) -> Place:
    return Place(*(on.ask(f"child.{name}") for name in PLACES))
