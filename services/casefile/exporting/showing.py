"""How a cell of a report reads in a language: words for codes, money in yuan, shares as n of N."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.catalogue import catalogue
from services.casefile.exporting.reading_out import read_out
from services.casefile.labels import Labels, spoken
from services.casefile.reports.report import Cell, Column, Row, Share, Suppressed, Table

KINDS = ("kind", "of")
FACT, DIMENSION = "fact", "dimension"
NO_NAMES: Mapping[str, str] = {}
FIELD_OF = {
    "school_status": "status",
    "care_level": "level",
    "risk_level": "level",
    "difficulty": "categories",
    "orphan_or_single": "special_status",
}


def heading(column: Column, words: Labels) -> str:
    """The label as a text of reports, or else as the name of a field."""
    return words.text(column.label) if words.has("", column.label) else words.field(column.label)


def shown(cell: Cell, column: Column, words: Labels) -> str:
    """The cell as text; what is not known is left empty."""
    if cell is None:
        return ""
    if isinstance(cell, int | str):
        return plain(cell, column, words)
    show = next((show for form, show in SHOWN if isinstance(cell, form)), str)
    return show(cell)


def shown_row(
    row: Row, columns: Sequence[Column], words: Labels, names: Mapping[str, str] = NO_NAMES
) -> list[str]:
    """All cells as text; a `value` is a code of the `dimension` that stands before it."""
    return [
        shown(cell, named(row, columns, column), words)
        if column.form != "unit"
        else unit(cell, names)
        for cell, column in zip(row, columns, strict=True)
    ]


def unit(cell: Cell, names: Mapping[str, str]) -> str:
    """The unit's name with its code, or the code alone."""
    code = "" if cell is None else str(cell)
    return f"{names[code]} ({code})" if code in names else code


def named(row: Row, columns: Sequence[Column], column: Column) -> Column:
    if column.name != "value":
        return column
    dimension = next((str(c) for c, k in zip(row, columns, strict=True) if k.name == DIMENSION), "")
    return Column(FIELD_OF.get(dimension, dimension), column.label, column.form)


def plain(cell: int | str, column: Column, words: Labels) -> str:
    text = str(cell)
    if column.form == "fen" and isinstance(cell, int):
        return yuan(cell)
    if column.form == "fields":
        return read_out(text, words)
    return code(column.name, text, words) if column.form == "code" else text


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
    return f"{when.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


# A moment is a day too, so it comes first.
SHOWN: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
    (Suppressed, below),
    (Share, share),
    (datetime, moment),
    (date, date.isoformat),
)


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
