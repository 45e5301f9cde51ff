"""Rows of a long table while its report is drawn: on disk in a private file, not in memory.

Sums stand above the rows they are made of, so the rows wait until the last child has been read. The
file has no name, belongs to the process, and is gone with it.
"""

import pickle
import sqlite3
from collections.abc import Iterator, Sequence

from services.casefile.reports.report import Column, Row

UNORDERED, ORDERED = "rowid", "key, rowid"


class Spool:
    """Takes rows, and gives them back as often as they are asked for: as they came, or by a key."""

    def __init__(self, columns: Sequence[Column], *, by_key: bool = False) -> None:
        self._places = [n for n, column in enumerate(columns) if column.form == "unit"]
        self._order = ORDERED if by_key else UNORDERED
        # The database without a name: SQLite unlinks its file as soon as it needs one.
        self._rows = sqlite3.connect("", check_same_thread=False)
        self._rows.execute("CREATE TABLE rows (key TEXT, row BLOB)")
        self._count = 0
        self.units: set[str] = set()

    def add(self, row: Row, key: str | None = None) -> None:
        self._rows.execute("INSERT INTO rows VALUES (?, ?)", (key, pickle.dumps(tuple(row))))
        self._count += 1
        self.units.update(str(row[n]) for n in self._places if row[n] is not None)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        found = self._rows.execute(f"SELECT row FROM rows ORDER BY {self._order}")
        # Only this object ever wrote to that file.
        return (pickle.loads(row) for (row,) in found)  # noqa: S301
