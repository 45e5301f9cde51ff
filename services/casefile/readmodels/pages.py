"""How every list is asked for: conditions from filters, keyset pages, rows as typed structs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import ConnectionPool

from services.casefile.following.model import Table

T = TypeVar("T")
Pool = ConnectionPool[Connection[Any]]
Cursor = tuple[str, ...]
LONGEST = 200
READER = {
    "default_transaction_read_only": "on",
    "timezone": "UTC",
    "statement_timeout": "30s",
}


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some rows, and what to ask for the rest with."""

    rows: list[T]
    next: Cursor | None = None


class Where:
    """Conditions joined by AND; a filter that is not set asks nothing."""

    def __init__(self, **equal: Any) -> None:
        self.parts: list[str] = []
        self.values: list[Any] = []
        for column, value in equal.items():
            self.add(f"{column} = %s", value)

    def add(self, condition: str, value: Any) -> "Where":
        """The condition, with the value wherever it says %s; unless the value is None."""
        if value is not None:
            self.parts.append(condition)
            self.values += [value] * condition.count("%s")
        return self

    def after(self, table: Table, key: Sequence[str], cursor: Cursor | None) -> "Where":
        if cursor is not None:
            places = ", ".join(f"%s::{table.columns[name].split()[0]}" for name in key)
            self.parts.append(f"({', '.join(key)}) > ({places})")
            self.values += cursor
        return self

    def __str__(self) -> str:
        return f"WHERE {' AND '.join(self.parts)}" if self.parts else ""


def open_pool(conninfo: str, *, size: int = 8) -> Pool:
    """Connections to ask with; they connect when first needed and cannot write."""
    return ConnectionPool(
        make_conninfo(conninfo, application_name="casefile-ask", connect_timeout=5),
        kwargs={"autocommit": True},
        configure=_configure,
        min_size=0,
        max_size=size,
        timeout=5.0,
        open=True,
    )


def fetch(
    pool: Pool,
    statement: str,
    values: Sequence[Any] | Mapping[str, Any],
    make: Callable[..., T],
) -> list[T]:
    with pool.connection() as connection:
        cursor = connection.cursor(row_factory=tuple_row)
        rows: Iterable[TupleRow] = cursor.execute(statement.encode(), values)
        return [make(*row) for row in rows]


def paged(
    pool: Pool, select: str, where: Where, key: Sequence[str], limit: int, make: Callable[..., T]
) -> Page[T]:
    """One page in the order of the key, whose columns are attributes of the row."""
    size = max(1, min(limit, LONGEST))
    statement = f"{select} {where} ORDER BY {', '.join(key)} LIMIT {size + 1}"
    rows = fetch(pool, statement, where.values, make)
    return cut(rows, key, size)


def cut(rows: list[T], key: Sequence[str], size: int) -> Page[T]:
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    return Page(rows[:size], tuple(str(getattr(last, name)) for name in key))


def only(columns: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    """The columns, which are to be named in a statement: those we know and no others."""
    if not columns or not set(columns) <= set(known):
        raise ValueError(f"group by one or more of {', '.join(known)}")
    return columns


def _configure(connection: Connection[Any]) -> None:
    for setting, value in READER.items():
        connection.execute(b"SELECT set_config(%s, %s, false)", [setting, value])
