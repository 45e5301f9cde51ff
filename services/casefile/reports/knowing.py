"""What has to be known of a child, as data: the five clears, their file version, the four know-wells.

A criterion is met when every line of it is known by at least one of the facts named there. That a
fact is on file is all that is asked; what it says stays sealed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from services.casefile.history.cohort import Seen

Unless = Literal["orphan", "not_at_school_age"]
ORPHAN = "child.special.orphan"
FIRST_GRADE = 1


class Criterion(msgspec.Struct, frozen=True):
    """One thing to know. `unless`: children of whom it cannot be known, and is not asked."""

    code: str
    lines: tuple[tuple[str, ...], ...]
    unless: Unless | None = None


class Profile(msgspec.Struct, frozen=True):
    """A set of criteria with the place it comes from."""

    code: str
    source: str
    criteria: tuple[Criterion, ...]


BASICS = (("child.name",), ("child.sex",), ("child.birth_date",))
NATURE = (("child.character",), ("child.interests", "child.hobbies"))
PARENTS_PHONE = ("parents.father.phone", "parents.mother.phone")
WORK_PLACE = (
    "parents.father.work_place", "parents.father.work_unit", "parents.father.division",
    "parents.mother.work_place", "parents.mother.work_unit", "parents.mother.division",
)  # fmt: skip
HISTORY = ("health.medical_history", "health.conditions", "health.vaccinations")
GUARDIANS_PHONE = ("guardian.phone", "guardian.delegation.delegate_phone")
GUARDIAN = ("guardian.name", "guardian.delegation.delegate_name")

PROFILES = (
    Profile("five_clears", "S1§20", (
        Criterion("basics", (*BASICS, ("child.home_address",))),
        Criterion("character_and_interests", NATURE),
        Criterion("state_of_health", (("health.summary", "health.checked_on", *HISTORY),)),
        Criterion("parents_contacts", (PARENTS_PHONE,), "orphan"),
        Criterion("guardian_contacts", (GUARDIANS_PHONE,)),
    )),
    Profile("five_clears_file", "S1§3 S1§26", (
        Criterion("name_sex_age", BASICS),
        Criterion("character_and_hobbies", NATURE),
        Criterion("medical_history", (HISTORY,)),
        Criterion("parents_work_and_contacts", (WORK_PLACE, PARENTS_PHONE), "orphan"),
        Criterion("temporary_guardian", (GUARDIAN,)),
    )),
    Profile("four_know_wells", "S1§19", (
        Criterion("family_situation", (("home.family", "home.living"),)),
        Criterion("thoughts", (("child.conduct", "child.psychology", "needs.psychology"),)),
        Criterion("results", (("school.results",),), "not_at_school_age"),
        Criterion("daily_behaviour", (("child.self_care", "needs.life"),)),
    )),
)  # fmt: skip


class Known(msgspec.Struct, frozen=True):
    """What is known of one child, by one profile."""

    met: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def of(self) -> int:
        return len(self.met) + len(self.missing)


def known(profile: Profile, child: Seen, day: date) -> Known:
    asked = [each for each in profile.criteria if not is_left_out(each.unless, child)]
    met = tuple(each.code for each in asked if is_met(each, child, day))
    return Known(met, tuple(each.code for each in asked if each.code not in met))


def is_met(criterion: Criterion, child: Seen, day: date) -> bool:
    return all(any(is_known(path, child, day) for path in line) for line in criterion.lines)


def is_known(path: str, child: Seen, day: date) -> bool:
    """The fact itself, one below it, or a part of the fact above it."""
    if child.fact(path) is not None or child.under(path):
        return True
    above, _, part = path.rpartition(".")
    fact: Any = child.fact(above)
    return isinstance(fact, dict) and fact.get(part) is not None and not is_over(fact, day)


def is_over(fact: dict[str, Any], day: date) -> bool:
    ends_on = fact.get("ends_on")
    return isinstance(ends_on, date) and ends_on < day


def is_left_out(unless: Unless | None, child: Seen) -> bool:
    if unless == "orphan":
        return child.fact(ORPHAN) is not None
    if unless == "not_at_school_age":
        grade = child.fact("child.grade")
        return isinstance(grade, int) and grade < FIRST_GRADE
    return False


def profiles_of(child: Seen, day: date) -> Sequence[Known]:
    """In the order of the profiles."""
    return [known(profile, child, day) for profile in PROFILES]
