"""R13: an appraisal run: a formula kept as data, over inputs that are frozen with it.

The inputs are what the formula looks at, child by child; their hash is printed. Whoever has them
reckons the same points again, without the log.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

import msgspec

from services.casefile.reports.appraisal_inputs import Inputs, inputs_of
from services.casefile.reports.asking import Ground
from services.casefile.reports.conduct import upheld_findings
from services.casefile.reports.formulas import Formula, formula_named
from services.casefile.reports.report import Cell, Column, Report, Row, Table

CHILDREN = (
    Column("case", "Case", "case"),
    Column("mentor", "Helper", "staff"),
    Column("class_unit", "Class", "unit"),
    Column("rank_before", "Rank before", "count"),
    Column("rank_after", "Rank after", "count"),
    Column("serious_breaches", "Serious breaches", "count"),
    Column("titles", "Titles of honour", "count"),
    Column("kept", "Obligations kept", "count"),
    Column("owed", "Obligations owed", "count"),
    Column("points", "Points", "count"),
    Column("because", "Because", "text"),
)
PEOPLE = (
    Column("staff", "Member of staff", "staff"),
    Column("children", "Children", "count"),
    Column("points", "Points (sum)", "text"),
    Column("yuan", "Yuan", "text"),
)
CLASSES = (
    Column("class_unit", "Class", "unit"),
    Column("children", "Children", "count"),
    Column("points", "Points (mean)", "text"),
)
AWARDS = (
    Column("case", "Case", "case"),
    Column("award", "Award", "code"),
    Column("yuan", "Yuan", "count"),
)
CONDUCT = (
    Column("mentor", "Helper", "staff"),
    Column("finding", "Finding"),
    Column("finding_code", "Finding code", "code"),
    Column("severity", "Severity", "code"),
)
NOTES = (
    (
        "Ranks are those of the class at the end of the two terms; a child without both gets no points "
        "for rank."
    ),
    (
        "The helper gets the sum over her own children, a class teacher the mean over those of the "
        "class. Nobody is appraised by this run alone."
    ),
)


class Reckoned(NamedTuple):
    """One child's inputs, and what the formula makes of them."""

    inputs: Inputs
    points: int
    because: tuple[str, ...]


def draw(ground: Ground) -> Report:
    formula = formula_named(ground.asked.formula or "s1-29")
    inputs = sorted(all_inputs(ground, formula), key=lambda each: each.case_id)
    return ground.report(
        children=len(inputs),
        tables=list(tables(formula, inputs)),
        notes=(*formula.notes, *NOTES),
        days=True,
        data={
            "formula": msgspec.to_builtins(formula),
            "inputs": [msgspec.to_builtins(each) for each in inputs],
            "inputs_sha256": hash_of(inputs),
        },
    )


def all_inputs(ground: Ground, formula: Formula) -> Iterator[Inputs]:
    upheld = upheld_findings(ground) if formula.looks_at_conduct else None
    for child in ground.open_cases():
        inputs = inputs_of(ground, child)
        if upheld is not None:
            against = upheld.get(inputs.mentor or "", ())
            inputs = msgspec.structs.replace(inputs, upheld=against)
        yield inputs


def hash_of(inputs: Iterable[Inputs]) -> str:
    """Of the inputs in canonical form: the same inputs, the same result."""
    return sha256(msgspec.json.encode(list(inputs), order="deterministic")).hexdigest()


def tables(formula: Formula, inputs: Iterable[Inputs]) -> Iterator[Table]:
    """All that follows from formula and inputs, and from nothing else."""
    reckoned = [Reckoned(each, *formula.points(each)) for each in inputs]
    yield Table(
        name="people", title="Helpers", columns=PEOPLE, rows=list(people(formula, reckoned))
    )
    yield Table(name="classes", title="Classes", columns=CLASSES, rows=list(classes(reckoned)))
    yield Table(name="awards", title="Awards", columns=AWARDS, rows=list(awards(formula, reckoned)))
    yield Table(name="children", title="Inputs and points", columns=CHILDREN,
                rows=[told(each) for each in reckoned])  # fmt: skip
    if formula.looks_at_conduct:
        yield Table(name="conduct", title="Findings that were upheld", columns=CONDUCT,
                    rows=list(conduct(reckoned)))  # fmt: skip


def people(formula: Formula, reckoned: Iterable[Reckoned]) -> Iterator[Row]:
    mine: defaultdict[str, list[int]] = defaultdict(list)
    for each in reckoned:
        if each.inputs.mentor is not None:
            mine[each.inputs.mentor].append(each.points)
    for staff, points in sorted(mine.items()):
        total = sum(points)
        yield staff, len(points), str(total), str(total * formula.yuan_per_point)


def classes(reckoned: Iterable[Reckoned]) -> Iterator[Row]:
    mine: defaultdict[str, list[int]] = defaultdict(list)
    for each in reckoned:
        if each.inputs.class_unit is not None:
            mine[each.inputs.class_unit].append(each.points)
    for unit, points in sorted(mine.items()):
        yield unit, len(points), f"{sum(points) / len(points):.2f}"


def awards(formula: Formula, reckoned: Iterable[Reckoned]) -> Iterator[Row]:
    for each in reckoned:
        for award in formula.awards_of(each.inputs):
            yield each.inputs.case_id, award.name, award.yuan


def conduct(reckoned: Iterable[Reckoned]) -> Iterator[Row]:
    """Each finding once, however many children the helper has."""
    found = {(each.inputs.mentor, one) for each in reckoned for one in each.inputs.upheld or ()}
    for mentor, one in sorted(found, key=lambda pair: (str(pair[0]), pair[1])):
        yield mentor, str(one.finding), one.finding_code, one.severity


def told(each: Reckoned) -> list[Cell]:
    found = each.inputs
    return [
        found.case_id,
        found.mentor,
        found.class_unit,
        found.rank_before,
        found.rank_after,
        found.serious_breaches,
        found.titles,
        found.kept,
        found.owed,
        each.points,
        ", ".join(each.because),
    ]
