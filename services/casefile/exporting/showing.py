"""How a cell of a report reads in a language: words for codes, money in yuan, shares as n of N."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from services.casefile.domain.cadence.days import CHINA
from services.casefile.labels import Labels, spoken
from services.casefile.reports.report import Cell, Column, Share, Suppressed, Table


def heading(column: Column, words: Labels) -> str:
    return words.text(column.label)


def shown(cell: Cell, column: Column, words: Labels) -> str:
    """The cell as text; what is not known is left empty."""
    if cell is None:
        return ""
    if isinstance(cell, int | str):
        return plain(cell, column, words)
    show = next((show for form, show in SHOWN if isinstance(cell, form)), str)
    return show(cell)


def plain(cell: int | str, column: Column, words: Labels) -> str:
    if column.form == "fen" and isinstance(cell, int):
        return yuan(cell)
    return words.code(column.name, str(cell)) if column.form == "code" else str(cell)


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


def as_data(cell: Cell) -> Any:
    """The cell for programs: numbers stay numbers, a share has its parts."""
    if isinstance(cell, Suppressed):
        return {"below": cell.below}
    if isinstance(cell, Share):
        return {"n": cell.part, "of": cell.whole, "percent": cell.percent}
    return cell


def is_number(cell: Cell, column: Column) -> bool:
    return isinstance(cell, int) and column.form in ("count", "fen")


def table_title(table: Table, words: Labels) -> str:
    return words.text(table.title) if table.title else spoken(table.name)
