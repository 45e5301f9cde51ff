"""Whether a rule asks anything of a unit on a day."""

from services.casefile.domain.cadence.conditions import Day
from services.casefile.domain.cadence.rulebook import Ruling, Units
from services.casefile.domain.facts import fold
from services.casefile.domain.staff_posts import UnitThen, unit_on


def unit_is_asked(ruling: Ruling, on: Day, units: Units) -> bool:
    """The unit exists, is of a kind the rule is for, and lies in the policy's scope."""
    unit = unit_then(on)
    if unit is None:
        return False
    kinds, scope = ruling.rule.applies.unit_kind, ruling.policy.unit
    if kinds and unit.kind not in kinds:
        return False
    return scope is None or scope in units.chain(unit.code, on.day)


def unit_then(on: Day) -> UnitThen | None:
    """The unit as it stood on that day by the entries up to a version."""
    key = ("unit_facts", on.version)
    if key not in on.view.memo:
        entries = [entry for entry in on.view.entries if entry.version <= on.version]
        on.view.memo[key] = fold(entries)
    return unit_on(on.view.memo[key], on.day)
