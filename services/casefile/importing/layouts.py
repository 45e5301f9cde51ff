"""Finds out, from a table's headings, which column holds what; a wrong heading stops everything."""

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import msgspec
from openpyxl.utils import get_column_letter, range_boundaries

from services.casefile.importing.cells import Words, words_of
from services.casefile.importing.columns import Column
from services.casefile.importing.forms import SheetForm
from services.casefile.importing.headings import heading, names, normal
from services.casefile.importing.mapping import SheetMapping
from services.casefile.importing.refusals import (
    Clause,
    DuplicateHeaders,
    FieldUnknown,
    MergedCells,
    NotAHeader,
    WrongHeader,
)
from services.casefile.importing.tables import Cells, Table
from services.casefile.labels import Labels

CHILD_NUMBERS = ("child.school_register_no", "child.resident_id")
MOST_NAMED = 12
NUMBERED = re.compile(r"\d{4}")
Known = dict[str, Column]


class Place(msgspec.Struct, frozen=True):
    """A column where it stands in this table, and the words its codes may be written in."""

    index: int
    column: Column
    heading: str
    words: Words

    @property
    def letter(self) -> str:
        return str(get_column_letter(self.index + 1))


class Layout(msgspec.Struct, frozen=True):
    """How the rows of one table are to be read."""

    table: Table
    form: SheetForm
    places: tuple[Place, ...]
    fixed: dict[str, tuple[Column, Any, Words]]
    header_row: int

    @property
    def sheet(self) -> str:
        return self.table.name


def layout(table: Table, form: SheetForm, mapping: SheetMapping, words: Labels) -> Layout:
    """The layout of a table, or a refusal that names what does not fit."""
    _refuse_merged(table, mapping.header_row)
    known = names(form.columns)
    by_path = {column.path: column for column in form.columns}
    mapped = {normal(k): _named(v, known, by_path, form, words) for k, v in mapping.columns.items()}
    places, unknown = _places(_header(table, mapping.header_row), known, mapped, mapping)
    fixed = {
        path: (column, value, words_of(column, mapping.values.get(path)))
        for path, value in mapping.fixed.items()
        if (column := _named(path, known, by_path, form, words)) is not None
    }
    if not places:
        raise NotAHeader(sheet=table.name, row=mapping.header_row)
    _refuse_twice(table, places)
    _refuse_misfit(table, form, places, fixed, () if mapping.ignore_unknown else unknown, words)
    return Layout(table, form, tuple(places), fixed, mapping.header_row)


def _header(table: Table, header_row: int) -> Cells:
    for number, cells in table.rows():
        if number == header_row:
            return cells
    return ()


def _places(
    header: Cells, known: Known, mapped: dict[str, Column | None], mapping: SheetMapping
) -> tuple[list[Place], list[tuple[int, str]]]:
    """The columns that are known, and the others with what stands above them."""
    places: list[Place] = []
    unknown: list[tuple[int, str]] = []
    for index, text in enumerate(header):
        if not isinstance(text, str) or not (wanted := normal(text)):
            continue
        if wanted in mapped and mapped[wanted] is None:
            continue
        column = mapped.get(wanted) or known.get(wanted)
        if column is None:
            unknown.append((index, text.strip()))
            continue
        words = words_of(column, mapping.values.get(column.path))
        places.append(Place(index, column, text.strip().rstrip(" *"), words))
    return places, unknown


def _named(
    field: str, known: Known, by_path: Known, form: SheetForm, words: Labels
) -> Column | None:
    """The column a mapping file means; an empty name means that the column is left out."""
    if not field:
        return None
    column = by_path.get(field) or known.get(normal(field))
    if column is None:
        near = get_close_matches(field, by_path, 1, 0.5)
        clause = Clause(" Did you mean {near}?", {"near": near[0]}) if near else ""
        raise FieldUnknown(field=field, kind=words.kind(form.label), nearest=clause)
    return column


def _refuse_merged(table: Table, header_row: int) -> None:
    inside = [ref for ref in table.merged if range_boundaries(ref)[3] >= header_row]
    if inside:
        raise MergedCells(sheet=table.name, ranges=", ".join(inside[:MOST_NAMED]))


def _refuse_twice(table: Table, places: Iterable[Place]) -> None:
    by_path: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_path[place.column.path].append(place)
    twice = [p for same in by_path.values() if len(same) > 1 for p in same]
    if twice:
        shown = ", ".join(f"{p.letter} ({p.heading})" for p in twice[:MOST_NAMED])
        raise DuplicateHeaders(sheet=table.name, columns=shown)


def _refuse_misfit(
    table: Table,
    form: SheetForm,
    places: Iterable[Place],
    fixed: dict[str, Any],
    unknown: Iterable[tuple[int, str]],
    words: Labels,
) -> None:
    here = {place.column.path for place in places} | set(fixed)
    absent = [c for c in form.columns if c.required and c.path not in here]
    if here.isdisjoint(CHILD_NUMBERS):
        absent = [c for c in form.columns if c.path in CHILD_NUMBERS] + absent
    strangers = [_stranger(index, text, form, words) for index, text in unknown]
    if not absent and not strangers:
        return
    lacking = ", ".join(heading(column, words) for column in absent)
    raise WrongHeader(
        sheet=table.name,
        unknown=_clause(" Unknown: {listed}.", ", ".join(strangers[:MOST_NAMED])),
        missing=_clause(" Missing: {listed}.", lacking),
    )


def _clause(template: str, listed: str) -> Clause | str:
    return Clause(template, {"listed": listed}) if listed else ""


def _stranger(index: int, text: str, form: SheetForm, words: Labels) -> str:
    """An unknown heading, unless it looks like a child's data, with what it may be meant for."""
    letter = str(get_column_letter(index + 1))
    if NUMBERED.search(text) or len(text) > 30:
        return letter
    near = get_close_matches(text, [heading(column, words) for column in form.shown], 1, 0.5)
    return f"{letter} ({text} → {near[0]}?)" if near else f"{letter} ({text})"
