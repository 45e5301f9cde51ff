"""From the cells of a row to the body of a command, with every fault of the row, not just one."""

from collections.abc import Iterator
from typing import Any

import msgspec

from services.casefile.importing import faults
from services.casefile.importing.cells import code_labels, read
from services.casefile.importing.columns import Column
from services.casefile.importing.faults import Fault
from services.casefile.importing.forms import DAY_OF
from services.casefile.importing.layouts import Layout, Place
from services.casefile.importing.tables import Cells, Special, is_blank
from services.casefile.labels import Locale

CHOICES_SHOWN = 24


class Row(msgspec.Struct, frozen=True):
    """A row as read: the command's body, what identifies the child, and what is wrong."""

    number: int
    body: dict[str, Any]
    child: dict[str, str]
    faults: tuple[Fault, ...]


def rows(layout: Layout, locale: Locale) -> Iterator[Row]:
    """The filled rows below the headings."""
    reader = RowReader(layout, locale)
    for number, cells in layout.table.rows():
        if number > layout.header_row and not is_blank(cells):
            yield reader.read(number, cells)


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, layout: Layout, locale: Locale) -> None:
        self._layout = layout
        self._locale = locale
        self._required = [c for c in layout.form.columns if c.required]
        self._parts = _parts_of(layout.form.columns)

    def read(self, number: int, cells: Cells) -> Row:
        values: dict[str, Any] = {}
        found: list[Fault] = []
        for place in self._layout.places:
            value = cells[place.index] if place.index < len(cells) else None
            if value is None or value == "" or (isinstance(value, str) and not value.strip()):
                continue
            try:
                values[place.column.path] = self._value(value, place, number)
            except Fault as fault:
                found.append(self._told(fault, place.column))
        self._fill_in(values, found)
        found += self._absent(values, found)
        return self._row(number, values, found)

    def _value(self, value: Any, place: Place, number: int) -> Any:
        if isinstance(value, Special):
            wrong = faults.FORMULA if value is Special.FORMULA else faults.ERROR_VALUE
            raise Fault(wrong, cell=f"{place.letter}{number}")
        return read(value, place.column, place.words)

    def _fill_in(self, values: dict[str, Any], found: list[Fault]) -> None:
        """What the mapping file says of every row, where the row says nothing itself."""
        for path, (column, value, words) in self._layout.fixed.items():
            if path not in values:
                try:
                    values[path] = read(value, column, words)
                except Fault as fault:
                    found.append(self._told(fault, column))
        day = DAY_OF.get(self._layout.form.slug)
        if day is not None and day in values:
            values.setdefault("occurred_on", values[day])

    def _absent(self, values: dict[str, Any], found: list[Fault]) -> Iterator[Fault]:
        faulty = {fault.path for fault in found}
        must = {c.path for c in self._required} | self._needed_with(values)
        for path in sorted(must - values.keys() - faulty):
            yield Fault(faults.MISSING, path)

    def _needed_with(self, values: dict[str, Any]) -> set[str]:
        """What a part of the record needs once anything of it is filled in."""
        begun = {path.rpartition(".")[0] for path in values}
        return {path for part in begun for path in self._parts.get(part, ())}

    def _told(self, fault: Fault, column: Column) -> Fault:
        fault.path = column.path
        if fault.wrong is faults.NOT_A_CODE:
            texts = list(code_labels(column, self._locale).values())
            more = "…" if len(texts) > CHOICES_SHOWN else ""
            fault.told["choices"] = "、".join(texts[:CHOICES_SHOWN]) + more
        return fault

    def _row(self, number: int, values: dict[str, Any], found: list[Fault]) -> Row:
        nested = nest(values)
        child = {**nested.pop("child", {}), **nested.pop("directory", {})}
        return Row(number, nested, child, tuple(found))


def nest(values: dict[str, Any]) -> dict[str, Any]:
    """`{"items.2.item": …}` as `{"items": [{"item": …}]}`: numbers only keep an order."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        *parents, last = path.split(".")
        branch = tree
        for name in parents:
            branch = branch.setdefault(name, {})
        branch[last] = value
    built: dict[str, Any] = _listed(tree)
    return built


def _listed(branch: Any) -> Any:
    if not isinstance(branch, dict):
        return branch
    if branch and all(name.isdigit() for name in branch):
        return [_listed(branch[name]) for name in sorted(branch, key=int)]
    return {name: _listed(below) for name, below in branch.items()}


def _parts_of(columns: tuple[Column, ...]) -> dict[str, tuple[str, ...]]:
    """For each nested part, the fields that its own type requires."""
    needed: dict[str, list[str]] = {}
    for column in columns:
        if column.required_in_part:
            needed.setdefault(column.path.rpartition(".")[0], []).append(column.path)
    return {part: tuple(paths) for part, paths in needed.items()}
