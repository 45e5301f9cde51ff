"""Hides small counts from whoever may not read cases: they would point at a child.

Hidden are counts from 1 to 4, and shares of which the part or the rest is that small. So that a
hidden count cannot be worked out from the others, a second one goes with it: in its row, and in
its column within the group it is a part of.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from services.casefile.reports.report import (
    Cell,
    Column,
    Figure,
    Paragraph,
    Report,
    Row,
    Share,
    Suppressed,
    Table,
)

BELOW = 5
COUNTED = ("count", "share")
NOTE = "Counts below 5, and those from which one could be worked out, are not shown."
ROUNDS = 20
HIDDEN = Suppressed(BELOW)
Grid = list[list[Cell]]
Line = list[tuple[int, int]]
"""Places in a grid whose counts may add up to something known."""


def suppressed(report: Report) -> Report:
    return msgspec.structs.replace(
        report,
        stamp=msgspec.structs.replace(report.stamp, children=whole(report.stamp.children)),
        tables=[table_without(table) for table in report.tables],
        paragraphs=[paragraph_without(paragraph) for paragraph in report.paragraphs],
        notes=(*report.notes, NOTE),
        data=None,
    )


def whole(children: int | None) -> int | None:
    return None if children is None or is_small(children) else children


def table_without(table: Table) -> Table:
    rows = without(table.columns, table.rows)
    return msgspec.structs.replace(table, rows=rows)


def paragraph_without(paragraph: Paragraph) -> Paragraph:
    figures = [figure_without(figure) for figure in paragraph.figures]
    return msgspec.structs.replace(paragraph, figures=figures)


def figure_without(figure: Figure) -> Figure:
    return msgspec.structs.replace(figure, value=HIDDEN) if is_small(figure.value) else figure


def without(columns: Sequence[Column], rows: Iterable[Row]) -> Grid:
    grid = [
        [HIDDEN if c.form in COUNTED and is_small(cell) else cell for cell, c in zip(row, columns)]  # noqa: B905
        for row in rows
    ]
    lines = list(lines_of(columns, grid))
    for _ in range(ROUNDS):
        if not sum(protect(grid, line) for line in lines):
            break
    return grid


def lines_of(columns: Sequence[Column], grid: Grid) -> Iterable[Line]:
    """Each row, and each column within its group: the rows that name the same dimension."""
    places = [place for place, column in enumerate(columns) if column.form in COUNTED]
    counts = [place for place in places if columns[place].form == "count"]
    group = next((p for p, column in enumerate(columns) if column.name == "dimension"), None)
    groups: defaultdict[Any, list[int]] = defaultdict(list)
    for number, row in enumerate(grid):
        groups[None if group is None else row[group]].append(number)
        yield [(number, place) for place in counts]
    for numbers in groups.values():
        for place in places:
            yield [(number, place) for number in numbers]


def protect(grid: Grid, line: Line) -> bool:
    """Hide the smallest of the rest when just one is hidden; says whether anything changed."""
    hidden = [cell for row, place in line if isinstance(cell := grid[row][place], Suppressed)]
    shown = [
        (part, row, place) for row, place in line if (part := part_of(grid[row][place])) is not None
    ]
    if len(hidden) != 1 or not shown:
        return False
    _, row, place = min(shown)
    grid[row][place] = HIDDEN
    return True


def part_of(cell: Cell) -> int | None:
    """What could be added up; nothing is hidden behind a nought."""
    part = cell.part if isinstance(cell, Share) else cell
    return part if isinstance(part, int) and part > 0 else None


def is_small(cell: Cell) -> bool:
    if isinstance(cell, Share):
        rest = cell.whole - cell.part
        return 0 < cell.part < BELOW or 0 < rest < BELOW or 0 < cell.whole < BELOW
    return isinstance(cell, int) and 0 < cell < BELOW
