"""Writes rows into an edition's tables: filled while it is built, restated or added to afterwards."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from services.casefile.following.changes import CaseRows, Changes
from services.casefile.following.counting import counts_of
from services.casefile.following.edition import Edition
from services.casefile.following.model import Row, Table
from services.casefile.following.register import Link

# Faults of the rows, not of the tables or of the server.
OF_THE_ROWS = (psycopg.DataError, psycopg.IntegrityError)

NULL = "\\N"

_encode = msgspec.json.Encoder().encode


class Tables:
    """The tables of one edition."""

    def __init__(self, connection: Link, edition: Edition, tables: Sequence[Table]) -> None:
        self._connection = connection
        self._edition = edition
        self._tables = [table for table in tables if table.counts is None]
        self._counts = counts_of(edition, tables)

    def save(self, changes: Changes, position: int) -> None:
        """Write all; or, when the server refuses some row, all cases but those it refuses."""
        try:
            with self._connection.transaction():
                self._write(changes.restated, changes.added)
        except OF_THE_ROWS:
            for case_id in [*changes.restated, *changes.added]:
                self._save_one(changes, case_id, position)

    def fill(self, cases: Mapping[UUID, CaseRows]) -> None:
        """Put the rows of cases that have none yet into tables that have no indexes yet."""
        for table in self._tables:
            self._copy(table, list(rows_of(cases, table)))

    def _save_one(self, changes: Changes, case_id: UUID, position: int) -> None:
        restated = {c: rows for c, rows in changes.restated.items() if c == case_id}
        added = {c: rows for c, rows in changes.added.items() if c == case_id}
        try:
            with self._connection.transaction():
                self._write(restated, added)
        except OF_THE_ROWS as error:
            changes.park(case_id, position, error)

    def _write(self, restated: Mapping[UUID, CaseRows], added: Mapping[UUID, CaseRows]) -> None:
        for table in self._tables:
            if restated and table.sparing:
                self._restate_sparingly(table, restated)
            elif restated:
                self._clear(table, restated)
                self._insert(table, list(rows_of(restated, table)), "")
            if table.adds:
                self._insert(table, list(rows_of(added, table)), joined(table))

    def _restate_sparingly(self, table: Table, cases: Mapping[UUID, CaseRows]) -> None:
        held = self._held(table, cases)
        new = {tuple(row): row for row in rows_of(cases, table)}
        gone = [row for row in held if row not in new]
        come = [row for key, row in new.items() if key not in held]
        self._remove(table, gone)
        self._insert(table, come, "")
        for count in self._counts.get(table.name, ()):
            count.change(self._connection, gone, come)

    def _held(self, table: Table, case_ids: Collection[UUID]) -> set[Row]:
        place, columns = self._edition.place(table.name), ", ".join(table.columns)
        statement = f"SELECT {columns} FROM {place} WHERE {table.owner} = ANY(%s)"
        with self._connection.cursor(binary=True) as cursor:
            return set(cursor.execute(statement.encode(), [list(case_ids)]))

    def _remove(self, table: Table, rows: Sequence[Row]) -> None:
        if not rows:
            return
        place, keys = self._edition.place(table.name), ", ".join(table.key)
        places = [list(table.columns).index(name) for name in table.key]
        gone = [{name: row[at] for name, at in zip(table.key, places, strict=True)} for row in rows]
        statement = (
            f"DELETE FROM {place} WHERE ({keys}) IN (SELECT {keys} "
            f"FROM jsonb_populate_recordset(NULL::{place}, %s::jsonb))"
        )
        self._connection.execute(statement.encode(), [_encode(gone).decode()])

    def _clear(self, table: Table, case_ids: Collection[UUID]) -> None:
        place = self._edition.place(table.name)
        statement = f"DELETE FROM {place} WHERE {table.owner} = ANY(%s)"
        self._connection.execute(statement.encode(), [list(case_ids)])

    def _insert(self, table: Table, rows: Sequence[Row], on_conflict: str) -> None:
        if not rows:
            return
        place = self._edition.place(table.name)
        statement = (
            f"INSERT INTO {place} AS held SELECT new.* "
            f"FROM jsonb_populate_recordset(NULL::{place}, %s::jsonb) AS new {on_conflict}"
        )
        self._connection.execute(statement.encode(), [as_json(table, rows)])

    def _copy(self, table: Table, rows: Sequence[Row]) -> None:
        place = self._edition.place(table.name)
        statement = f"COPY {place} ({', '.join(table.columns)}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            if (text := plain_text(rows, len(table.columns))) is not None:
                copy.write(text)
                return
            for row in rows:
                copy.write_row(row)


def plain_text(rows: Sequence[Row], width: int) -> str | None:
    """The rows as COPY reads them; None when some value is a list, or needs escaping.

    Most rows are codes, days and numbers, and go through here in half the time.
    """
    form = "\t".join(["%s"] * width) + "\n"
    empty = sum(row.count(None) for row in rows) if any(None in row for row in rows) else 0
    if empty:
        rows = [tuple([NULL if value is None else value for value in row]) for row in rows]
    text = "".join([form % row for row in rows])
    tabs, ends = text.count("\t"), text.count("\n")
    if (tabs, ends) != (len(rows) * (width - 1), len(rows)):
        return None
    if (text.count("\\"), text.count(NULL)) != (empty, empty):
        return None
    return None if any(mark in text for mark in ("[", "\r")) else text


def rows_of(cases: Mapping[UUID, CaseRows], table: Table) -> Iterable[Row]:
    return (row for rows in cases.values() for row in rows.get(table.name, ()))


def joined(table: Table) -> str:
    """How a row of a table of sums joins the row that is there already."""
    sums = (f"{column} = {how}" for column, how in table.adds.items())
    return f"ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET " + ", ".join(
        each.replace("new.", "excluded.") for each in sums
    )


def as_json(table: Table, rows: Sequence[Row]) -> str:
    names = tuple(table.columns)
    data: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    return _encode(data).decode()
