"""How a cell of a report reads in a language: words for codes, money in yuan, shares as n of N."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

import msgspec

from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.catalogue import catalogue
from services.casefile.exporting.reading_out import read_out
from services.casefile.labels import Labels, spoken
from services.casefile.reports.report import Cell, Column, Row, Share, Suppressed, Table

KINDS = ("kind", "of")
FACT, DIMENSION, VALUE = "fact", "dimension", "value"
CODES = 1_000
NO_NAMES: Mapping[str, str] = {}
FIELD_OF = {
    "school_status": "status",
    "care_level": "level",
    "risk_level": "level",
    "difficulty": "categories",
    "orphan_or_single": "special_status",
    "age_at_opening": "age",
    "age_at_cut": "age",
    "file_status": "status",
}


def heading(column: Column, words: Labels) -> str:
    """The label as a text of reports, or else as the name of a field."""
    return words.text(column.label) if words.has("", column.label) else words.field(column.label)


def shown(cell: Cell, column: Column, words: Labels) -> str:
    """The cell as text; what is not known is left empty."""
    return reader(column, words, NO_NAMES)(cell)


def shown_row(
    row: Row, columns: Sequence[Column], words: Labels, names: Mapping[str, str] = NO_NAMES
) -> list[str]:
    """All cells as text; a `value` is a code of the `dimension` that stands before it."""
    return row_reader(columns, words, names)(row)


def row_reader(
    columns: Sequence[Column], words: Labels, names: Mapping[str, str] = NO_NAMES
) -> Callable[[Row], list[str]]:
    """Reads row after row of a table: what follows from its columns is looked up once."""
    readers = [reader(column, words, names) for column in columns]
    values = [place for place, column in enumerate(columns) if column.name == VALUE]

    def read(row: Row) -> list[str]:
        texts = [read(cell) for read, cell in zip(readers, row, strict=True)]
        for place in values:
            texts[place] = shown(row[place], named(row, columns, columns[place]), words)
        return texts

    return read


def reader(column: Column, words: Labels, names: Mapping[str, str]) -> Callable[[Cell], str]:
    if column.form == "unit":
        return partial(unit, names=names)
    read = plain(column, words)

    def shown(cell: Cell) -> str:
        show = BY_TYPE.get(type(cell))
        return read(cell) if show is None else show(cell)

    return shown


def unit(cell: Cell, names: Mapping[str, str]) -> str:
    """The unit's name with its code, or the code alone."""
    code = "" if cell is None else str(cell)
    return f"{names[code]} ({code})" if code in names else code


def named(row: Row, columns: Sequence[Column], column: Column) -> Column:
    dimension = next((str(c) for c, k in zip(row, columns, strict=True) if k.name == DIMENSION), "")
    return Column(FIELD_OF.get(dimension, dimension), column.label, column.form)


def plain(column: Column, words: Labels) -> Callable[[Cell], str]:
    """Words and numbers, by the form of their column."""
    if column.form == "fen":
        return lambda cell: yuan(cell) if isinstance(cell, int) else str(cell)
    if column.form == "fields":
        return lambda cell: read_out(str(cell), words)
    if column.form == "code":
        name = column.name
        # The same few words over and over.
        return lru_cache(maxsize=CODES)(lambda cell: code(name, str(cell), words))
    return str


def code(name: str, text: str, words: Labels) -> str:
    """A code in words: kinds by their label, facts by the parts of their path, others by field."""
    if name in KINDS and text in catalogue().by_slug:
        return words.kind(catalogue().slug(text).label)
    if name == FACT:
        return " / ".join(words.field(part) for part in text.split("."))
    return words.code(name, text)


def below(found: Suppressed) -> str:
    return f"<{found.below}"


def share(found: Share) -> str:
    """`17/155 (11.0%)`: never without both numbers."""
    if found.percent is None:
        return f"{found.part}/{found.whole}"
    return f"{found.part}/{found.whole} ({found.percent:.1f}%)"


def yuan(fen: int) -> str:
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"


def moment(when: datetime) -> str:
    return when.astimezone(CHINA).replace(tzinfo=None).isoformat(" ", "seconds")


BY_TYPE: Mapping[type[Any], Callable[[Any], str]] = {
    type(None): lambda _: "",
    Suppressed: below,
    Share: share,
    datetime: moment,
    date: date.isoformat,
}


def as_data(cell: Cell, column: Column | None = None) -> Any:
    """The cell for programs: numbers stay numbers, a share has its parts."""
    if column is not None and column.form == "fields" and isinstance(cell, str):
        return msgspec.Raw(cell.encode())
    if isinstance(cell, Suppressed):
        return {"below": cell.below}
    if isinstance(cell, Share):
        return {"n": cell.part, "of": cell.whole, "percent": cell.percent}
    return cell


def is_number(cell: Cell, column: Column) -> bool:
    return isinstance(cell, int) and column.form in ("count", "fen")


def table_title(table: Table, words: Labels) -> str:
    return words.text(table.title) if table.title else spoken(table.name)
