"""Tables that count the rows of another by sort, so that a question about all need not read all."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from services.casefile.following.edition import Edition
from services.casefile.following.model import Row, Table
from services.casefile.following.register import Link

N = "n"

_encode = msgspec.json.Encoder().encode


class Count:
    """A counting table, and the one it counts."""

    def __init__(self, edition: Edition, table: Table, counted: Table) -> None:
        self._place, self._counted = edition.place(table.name), edition.place(counted.name)
        self._keys = table.key
        names = list(counted.columns)
        self._places = [names.index(name) for name in table.key]

    def anew(self, link: Link) -> None:
        """Count all there are; nothing is counted yet."""
        keys = ", ".join(self._keys)
        statement = (
            f"INSERT INTO {self._place} ({keys}, {N}) "
            f"SELECT {keys}, count(*) FROM {self._counted} GROUP BY {keys}"
        )
        link.execute(statement.encode())

    def change(self, link: Link, gone: Iterable[Row], come: Iterable[Row]) -> None:
        """Count rows that are in the counted table no more, and rows that are new in it."""
        changed = Counter(map(self._sort, come))
        changed.subtract(map(self._sort, gone))
        told = [
            dict(zip(self._keys, sort, strict=True)) | {N: n} for sort, n in changed.items() if n
        ]
        if not told:
            return
        statement = (
            f"INSERT INTO {self._place} AS held SELECT new.* "
            f"FROM jsonb_populate_recordset(NULL::{self._place}, %s::jsonb) AS new "
            f"ON CONFLICT ({', '.join(self._keys)}) DO UPDATE SET {N} = held.{N} + excluded.{N}"
        )
        link.execute(statement.encode(), [_encode(told).decode()])
        if min(changed.values()) < 0:
            link.execute(f"DELETE FROM {self._place} WHERE {N} = 0".encode())

    def _sort(self, row: Row) -> Row:
        return tuple(row[place] for place in self._places)


def counts_of(edition: Edition, tables: Sequence[Table]) -> dict[str, list[Count]]:
    """Those that count, by the name of the table that they count."""
    by_name = {table.name: table for table in tables}
    found: dict[str, list[Count]] = {}
    for table in tables:
        if table.counts is not None:
            counted = by_name[table.counts]
            assert counted.sparing, "Only of a sparing table is it known which rows change."
            found.setdefault(counted.name, []).append(Count(edition, table, counted))
    return found
