"""An edition of a read model: one version of it, built once, in tables of its own."""

import re
from typing import Literal

import msgspec

from services.casefile.following.model import Model, Table

State = Literal["building", "active", "retired"]
SCHEMA = "readmodels"
TEXT = re.compile(r"^text(?!\[)")


class Edition(msgspec.Struct, frozen=True):
    """`generation` counts the builds of one version."""

    name: str
    version: int
    generation: int

    def __str__(self) -> str:
        return f"{self.name} v{self.version}.{self.generation}"

    @property
    def suffix(self) -> str:
        again = f"_{self.generation}" if self.generation > 1 else ""
        return f"_v{self.version}{again}"

    @property
    def key(self) -> tuple[str, int, int]:
        return (self.name, self.version, self.generation)

    def place(self, table: str) -> str:
        """The table's name in this edition."""
        return f"{SCHEMA}.{table}{self.suffix}"

    def is_of(self, model: Model) -> bool:
        return (self.name, self.version) == (model.name, model.version)


def view(table: str) -> str:
    """The name under which the active edition of a table is read."""
    return f"{SCHEMA}.{table}"


def create_table(edition: Edition, table: Table) -> str:
    # Codes compare byte by byte on every server, whatever its locale.
    forms = {name: TEXT.sub('text COLLATE "C"', form) for name, form in table.columns.items()}
    columns = ", ".join(f"{name} {form}" for name, form in forms.items())
    return f"CREATE TABLE {edition.place(table.name)} ({columns})"


def create_indexes(edition: Edition, table: Table) -> list[str]:
    """Made after filling: building them once is cheaper than growing them row by row."""
    place = edition.place(table.name)
    bare = f"{table.name}{edition.suffix}"
    if table.counts is not None:
        # A sort may lack something.
        alone = f"UNIQUE NULLS NOT DISTINCT ({', '.join(table.key)})"
        return [f"ALTER TABLE {place} ADD CONSTRAINT {bare}_key {alone}", f"ANALYZE {place}"]
    indexes = [f"CREATE INDEX ON {place} ({columns})" for columns in table.indexes]
    for columns, condition in table.partial.items():
        indexes.append(f"CREATE INDEX ON {place} ({columns}) WHERE {condition}")
    if table.key[0] != table.owner:
        indexes.append(f"CREATE INDEX ON {place} ({table.owner})")
    key = f"ALTER TABLE {place} ADD CONSTRAINT {bare}_pkey PRIMARY KEY ({', '.join(table.key)})"
    return [key, *indexes, f"ANALYZE {place}"]
