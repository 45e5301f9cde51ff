"""What a file is read as: named tables of rows, row by row, whatever format they come in."""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any

import msgspec


class Special(Enum):
    """A cell that holds no value of its own."""

    FORMULA = "formula"
    ERROR = "error"


Cells = Sequence[Any]
NumberedRow = tuple[int, Cells]


class Table(msgspec.Struct, frozen=True):
    """One sheet: its name, how many rows hold something, and its rows, to be read many times."""

    name: str
    filled: int
    rows: Callable[[], Iterator[NumberedRow]]
    merged: tuple[str, ...] = ()


def is_blank(cells: Cells) -> bool:
    return all(value is None or (isinstance(value, str) and not value.strip()) for value in cells)
