"""Compares two editions at the same position: row counts, a hash free of order, the keys that
differ. Columns that only one of them has are left out."""

from collections.abc import Sequence

import msgspec

from services.casefile.following.edition import Edition
from services.casefile.following.model import Table
from services.casefile.following.register import Follower, Link

SHOWN = 20
HAS_COLUMNS = b"""
SELECT attname::text FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""


class Difference(msgspec.Struct, frozen=True):
    """A key whose row is in one edition only, or differs."""

    key: tuple[str, ...]
    found: str


class Parity(msgspec.Struct, frozen=True):
    """One table, as the active and as the new edition have it."""

    table: str
    active_rows: int
    new_rows: int
    differences: tuple[Difference, ...] = ()

    @property
    def summary(self) -> str:
        keys = ", ".join(f"{'/'.join(d.key)} {d.found}" for d in self.differences)
        return f"{self.table}: {self.active_rows} rows and {self.new_rows}; {keys or 'equal'}"


def compare(link: Link, old: Follower, new: Edition, tables: Sequence[Table]) -> list[Parity]:
    """Every table that both editions have."""
    return [_compare(link, old.edition, new, t) for t in tables if t.name in old.tables]


def _compare(link: Link, old: Edition, new: Edition, table: Table) -> Parity:
    places = (old.place(table.name), new.place(table.name))
    names = _columns(link, places[0])
    columns = ", ".join(name for name in table.columns if name in names)
    (rows, digest), (new_rows, new_digest) = (_digest(link, place, columns) for place in places)
    if (rows, digest) == (new_rows, new_digest):
        return Parity(table.name, rows, new_rows)
    return Parity(table.name, rows, new_rows, _differences(link, places, columns, table.key))


def _columns(link: Link, place: str) -> set[str]:
    return {name for (name,) in link.execute(HAS_COLUMNS, [place])}


def _digest(link: Link, place: str, columns: str) -> tuple[int, str]:
    statement = (
        f"SELECT count(*), coalesce(sum(hashtextextended(ROW({columns})::text, 0)), 0)::text "
        f"FROM {place}"
    )
    row = link.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0], row[1]


def _differences(
    link: Link, places: tuple[str, str], columns: str, key: Sequence[str]
) -> tuple[Difference, ...]:
    hashed = "SELECT {key}, hashtextextended(ROW({columns})::text, 0) AS h FROM {place}"
    keys = ", ".join(key)
    old, new = (hashed.format(key=keys, columns=columns, place=place) for place in places)
    statement = (
        f"SELECT ARRAY[{', '.join(f'{k}::text' for k in key)}], CASE WHEN n.h IS NULL THEN 'only "
        "in the active one' WHEN o.h IS NULL THEN 'only in the new one' ELSE 'differs' END "
        f"FROM ({old}) AS o FULL JOIN ({new}) AS n USING ({keys}) "
        f"WHERE o.h IS DISTINCT FROM n.h ORDER BY 1 LIMIT {SHOWN}"
    )
    return tuple(Difference(tuple(k), found) for k, found in link.execute(statement.encode()))
