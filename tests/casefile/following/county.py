"""The invented world with its followers: record, follow to the end, look at the rows."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from services.casefile.composition import Parts
from services.casefile.following import Following, Upkeep, Whereabouts
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model
from services.casefile.readmodels import Pool, models, open_pool
from tests.casefile.world import context, parts, settle
from tests.servers import Database

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class County:
    """A settled world, and what follows it."""

    database: Database
    folder: Path
    parts: Parts
    models: tuple[Model, ...]
    following: Following
    upkeep: Upkeep
    pool: Pool
    whereabouts: Whereabouts

    def record(self, case_id: UUID, slug: str, on: str = "2026-11-18", **fields: Any) -> UUID:
        body = {"occurred_on": on, "late_reason": "补录纸质记录", **fields}
        return self.parts.casefile.record(case_id, slug, body, context()).record_id

    def correct(self, case_id: UUID, target: UUID, **changes: Any) -> None:
        body = {"target": str(target), "changes": changes, "reason": "笔误更正"}
        self.parts.casefile.correct(case_id, body, context())

    def annul(self, case_id: UUID, target: UUID) -> None:
        body = {"target": str(target), "ground": "entered_in_error", "reason": "录入有误"}
        self.parts.casefile.annul(case_id, body, context())

    def follow(self) -> None:
        self.following.catch_up()

    def rows(self) -> Rows:
        """All rows of all read models."""
        return {name: ordered(self.table(name)) for name in self._tables()}

    def folded(self) -> Rows:
        """The same rows, worked out from the whole log at once."""
        cases = self._cases()
        rows: Rows = {name: [] for name in self._tables()}
        for model in self.models:
            model.prepare(cases)
            for case in cases:
                for table, made in model.rows(case).items():
                    rows[table] += made
        return {name: ordered(made) for name, made in rows.items()}

    def table(self, table: str) -> list[tuple[Any, ...]]:
        return self.ask(f"SELECT * FROM readmodels.{table}")

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database.app) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def harm(self, statement: str, *values: Any) -> None:
        """Do what no service may: as the superuser."""
        with psycopg.connect(self.database.admin, autocommit=True) as connection:
            connection.execute(statement.encode(), values)

    def another(self, **options: Any) -> Following:
        """A second follower, as in another process."""
        return following(self.database, self.parts, self.models, **options)

    def _tables(self) -> list[str]:
        return [table.name for model in self.models for table in model.tables]

    def _cases(self) -> list[Folded]:
        streams: dict[UUID, list[Any]] = {}
        for position, stream_id, version, topic, state, at in self.parts.recorder.page(0, 100_000):
            streams.setdefault(stream_id, []).append((version, topic, state, position, at))
        return [Folded(key, rows, self.parts.mapper.entry) for key, rows in streams.items()]


def ordered(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


@contextmanager
def county(database: Database, folder: Path, *more: Model) -> Iterator[County]:
    built = parts(database, folder)
    settle(built)
    every = (*models(built.keyring, built.index), *more)
    with (
        closing(built),
        closing(following(database, built, every)) as follower,
        open_pool(database.app) as pool,
    ):
        upkeep = Upkeep(database.app, built.recorder, built.mapper, every)
        where = Whereabouts(pool)
        yield County(database, folder, built, every, follower, upkeep, pool, where)


def following(
    database: Database, built: Parts, every: Sequence[Model], **options: Any
) -> Following:
    return Following(database.app, built.recorder, built.mapper, every, **options)
