"""The rows of `casefile.followers`: which editions there are, how far each is, who may move it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.errors import UniqueViolation

from services.casefile.following.edition import Edition, State, create_table
from services.casefile.following.errors import BuildUnderWay, Superseded
from services.casefile.following.model import Model

COLUMNS = (
    "name, version, generation, state, position, epoch, tables, "
    "build_target, build_cursor, built, updated_at"
)
ONE = "name = %s AND version = %s AND generation = %s"
ACTIVE = f"SELECT {COLUMNS} FROM casefile.followers WHERE name = %s AND state = 'active'"
ACTIVE_LOCKED = f"{ACTIVE} FOR UPDATE"
ALL = f"SELECT {COLUMNS} FROM casefile.followers ORDER BY name, version, generation"
LOCKED = f"SELECT {COLUMNS} FROM casefile.followers WHERE {ONE} FOR UPDATE"
UNFINISHED = (
    f"SELECT {COLUMNS} FROM casefile.followers "
    "WHERE name = %s AND version = %s AND state = 'building' ORDER BY generation DESC LIMIT 1"
)
BEGIN = f"""
INSERT INTO casefile.followers AS f (name, version, generation, tables, build_target)
SELECT %s, %s, coalesce(max(generation), 0) + 1, %s, %s
FROM casefile.followers WHERE name = %s AND version = %s
RETURNING {COLUMNS}
"""
TAKE_OVER = f"""
UPDATE casefile.followers SET epoch = epoch + 1, updated_at = clock_timestamp()
WHERE {ONE} AND state <> 'retired' RETURNING {COLUMNS}
"""
FENCED = f"{ONE} AND epoch = %s AND state <> 'retired'"
ADVANCE = f"""
UPDATE casefile.followers SET position = %s, updated_at = clock_timestamp()
WHERE {FENCED} AND position = %s
"""
BUILT = f"""
UPDATE casefile.followers
SET build_cursor = %s, built = built + %s, updated_at = clock_timestamp()
WHERE {FENCED} AND build_cursor IS NOT DISTINCT FROM %s
"""
BUILD_DONE = f"""
UPDATE casefile.followers
SET position = build_target, build_target = NULL, build_cursor = NULL,
    updated_at = clock_timestamp()
WHERE {FENCED}
"""


class Follower(msgspec.Struct, frozen=True):
    """One edition's row, as last read."""

    name: str
    version: int
    generation: int
    state: State
    position: int
    epoch: int
    tables: list[str]
    build_target: int | None
    build_cursor: UUID | None
    built: int
    updated_at: datetime

    @property
    def edition(self) -> Edition:
        return Edition(self.name, self.version, self.generation)


Link = Connection[tuple[Any, ...]]


def active(connection: Link, name: str) -> Follower | None:
    return _one(connection, ACTIVE, [name])


def active_locked(connection: Link, name: str) -> Follower | None:
    """The active edition as it is now; until this transaction ends nobody moves it."""
    return _one(connection, ACTIVE_LOCKED, [name])


def everyone(connection: Link) -> list[Follower]:
    return [Follower(*row) for row in connection.execute(ALL)]


def locked(connection: Link, edition: Edition) -> Follower | None:
    return _one(connection, LOCKED, edition.key)


def unfinished(connection: Link, model: Model) -> Follower | None:
    return _one(connection, UNFINISHED, [model.name, model.version])


def begin(connection: Link, model: Model, target: int) -> Follower:
    """A new edition with empty tables, to be built up to the target."""
    names = [table.name for table in model.tables]
    row = [model.name, model.version, names, target, model.name, model.version]
    with connection.transaction():
        follower = _begun(connection, row)
        for table in model.tables:
            connection.execute(create_table(follower.edition, table).encode())
    return follower


def _begun(connection: Link, row: Sequence[Any]) -> Follower:
    try:
        follower = _one(connection, BEGIN, row)
    except UniqueViolation as error:
        raise BuildUnderWay(row[0]) from error
    assert follower is not None
    return follower


def take_over(connection: Link, edition: Edition) -> Follower | None:
    """Fence off whoever followed before; None when the edition was retired meanwhile."""
    return _one(connection, TAKE_OVER, edition.key)


def advance(connection: Link, follower: Follower, position: int) -> None:
    """Move on, in the transaction of the rows that belong to it."""
    values = [position, *follower.edition.key, follower.epoch, follower.position]
    _move(connection, follower, ADVANCE, values)


def record_built(connection: Link, follower: Follower, cursor: UUID, events: int) -> None:
    key = (*follower.edition.key, follower.epoch)
    _move(connection, follower, BUILT, [cursor, events, *key, follower.build_cursor])


def finish_build(connection: Link, follower: Follower) -> None:
    _move(connection, follower, BUILD_DONE, [*follower.edition.key, follower.epoch])


def _move(connection: Link, follower: Follower, statement: str, values: Sequence[Any]) -> None:
    if connection.execute(statement.encode(), values).rowcount != 1:
        raise Superseded(follower.edition)


def _one(connection: Link, statement: str, values: Sequence[Any]) -> Follower | None:
    row = connection.execute(statement.encode(), values).fetchone()
    return None if row is None else Follower(*row)
