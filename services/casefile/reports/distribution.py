"""R7: who the children are: by sex, age, guardian, parents away, place, needs. n of N, always."""

from collections.abc import Iterator
from datetime import date

from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.report import Column, Report, Share, Table
from services.casefile.reports.tallying import Tally

SIMPLE = {
    "sex": "child.sex",
    "population": "child.population",
    "grade_at_school": "child.grade",
    "hukou": "child.hukou",
    "guardian_type": "guardian.type",
    "boarding": "school.boarding",
    "school_status": "school.status",
    "care_level": "level.care",
    "risk_level": "level.risk",
}
AGES = ((0, 6, "under_7"), (7, 12, "from_7_to_12"), (13, 15, "from_13_to_15"), (16, 99, "from_16"))
NOTES = (
    "Counted are the children whose file was open at the cut. What is not on file is not stated.",
    "Age is the year of the cut less the year of birth.",
    "A child can have several difficulties and several special statuses; their shares do not add up.",
)
BY_UNIT = (
    Column("branch", "Unit", "unit"),
    Column("children", "Children", "share"),
    Column("left_behind", "Left behind", "share"),
    Column("girls", "Girls", "share"),
)


def draw(ground: Ground) -> Report:
    tally = Tally()
    units: dict[str, Tally] = {}
    children = 0
    for child in ground.open_cases():
        children += 1
        take(tally, child, ground.at.pinned.as_of)
        place = branch(ground, child.places, ground.at.pinned.as_of) or ""
        take_simple(units.setdefault(place, Tally()), child)
    rows = [
        (place, Share(mine.of("sex"), children), mine.share("population", "left_behind", "both"),
         mine.share("sex", "female"))
        for place, mine in sorted(units.items())
    ]  # fmt: skip
    return ground.report(
        children=children,
        tables=(
            tally.table("distribution", "Distribution"),
            Table(name="units", title="By unit", columns=BY_UNIT, rows=rows),
        ),
        notes=NOTES,
    )


def take(tally: Tally, child: Seen, day: date) -> None:
    take_simple(tally, child)
    tally.add("age", age_band(child, day))
    tally.add("parents_away", parents_away(child))
    tally.add("attainment", attainment(child))
    tally.add("difficulty", *several(child.fact("child.difficulties")))
    tally.add("special_status", *child.under("child.special"))
    tally.add("orphan_or_single", single(child))


def take_simple(tally: Tally, child: Seen) -> None:
    for dimension, path in SIMPLE.items():
        tally.add(dimension, child.fact(path))


def age_band(child: Seen, day: date) -> str | None:
    born = child.fact("child.birth_year")
    if not isinstance(born, int):
        return None
    age = day.year - born
    return next((name for first, last, name in AGES if first <= age <= last), None)


def parents_away(child: Seen) -> str | None:
    where = [child.fact(f"parents.{parent}.whereabouts") for parent in ("father", "mother")]
    if where == [None, None]:
        return None
    return ("none_away", "one_away", "both_away")[where.count("away")]


def attainment(child: Seen) -> str | None:
    """Of the last result of all."""
    results = child.under("school.results").values()
    stated = [fact for fact in results if fact.value.get("attainment")]
    latest = max(stated, key=lambda f: (f.entry.occurred_on, f.entry.version), default=None)
    return str(latest.value["attainment"]) if latest else None


def single(child: Seen) -> str | None:
    statuses = child.under("child.special")
    names = ("orphan", "de_facto_unsupported", "single_parent", "parents_divorced")
    return next((name for name in names if name in statuses), "none_of_these")


def several(found: object) -> Iterator[str]:
    return iter(found) if isinstance(found, list | tuple) else iter(())
