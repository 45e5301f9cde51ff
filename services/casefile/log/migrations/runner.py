"""Runs Alembic without an ini file or an env.py: one tree per database, one transaction a run."""

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

HERE = Path(__file__).parent
PREPARE = (
    "SET LOCAL lock_timeout = '30s'",
    "SET LOCAL statement_timeout = '1h'",
    "SELECT pg_advisory_xact_lock(x'6d696772'::bigint)",
    "CREATE SCHEMA IF NOT EXISTS {schema}",
)
# The services look whether the schema is theirs, and are not to know the owner's password.
FINISH = "GRANT SELECT ON {schema}.schema_revision TO casefile_app"


@dataclass(frozen=True, slots=True)
class Tree:
    name: str
    schema: str


LOG = Tree(name="log", schema="casefile")
KEYRING = Tree(name="keyring", schema="keyring")


def migrate(owner_conninfo: str, revision: str = "head") -> None:
    """Bring the log's database to a revision; safe to run from several machines at once."""
    _run_online(LOG, owner_conninfo, revision)


def migrate_keyring(owner_conninfo: str, revision: str = "head") -> None:
    """Bring the keyring's database to a revision."""
    _run_online(KEYRING, owner_conninfo, revision)


def offline_sql(tree: Tree = LOG, revision: str = "head") -> str:
    """The script a database administrator would run by hand; needs no database."""
    out = io.StringIO()
    with _environment(tree, revision, as_sql=True) as env:
        env.configure(
            dialect_name="postgresql",
            dialect_opts={"paramstyle": "named"},
            output_buffer=out,
            **_where(tree),
        )
        _upgrade(tree, env)
    return out.getvalue()


def behind(conninfo: str, tree: Tree = LOG) -> list[str]:
    """The revisions that a database still lacks."""
    with _environment(tree, "head") as env:
        known = [r.revision for r in env.script.walk_revisions()]
    # A role that may not look has not been let in by a migration of this release.
    with suppress(InsufficientPrivilege), psycopg.connect(conninfo) as connection:
        return _behind(connection, tree, known)
    return known


def _behind(
    connection: psycopg.Connection[tuple[Any, ...]], tree: Tree, known: list[str]
) -> list[str]:
    exists = f"SELECT to_regclass('{tree.schema}.schema_revision') IS NOT NULL"
    if connection.execute(exists.encode()).fetchone() != (True,):
        return known
    revision = f"SELECT version_num FROM {tree.schema}.schema_revision"
    held = {str(row[0]) for row in connection.execute(revision.encode())}
    place = next((n for n, name in enumerate(known) if name in held), len(known))
    return known[:place]


def _run_online(tree: Tree, conninfo: str, revision: str) -> None:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=NullPool
    )
    with engine.connect() as connection, _environment(tree, revision) as env:
        _configure(env, tree, connection)
        _upgrade(tree, env)


def _configure(env: EnvironmentContext, tree: Tree, connection: Connection) -> None:
    env.configure(connection=connection, **_where(tree))


def _where(tree: Tree) -> dict[str, Any]:
    return {"version_table": "schema_revision", "version_table_schema": tree.schema}


def _upgrade(tree: Tree, env: EnvironmentContext) -> None:
    with env.begin_transaction():
        for statement in PREPARE:
            env.execute(text(statement.format(schema=tree.schema)))
        env.run_migrations()
        env.execute(text(FINISH.format(schema=tree.schema)))


def _environment(tree: Tree, revision: str, *, as_sql: bool = False) -> EnvironmentContext:
    config = Config()
    config.set_main_option("script_location", str(HERE / tree.name))
    script = ScriptDirectory.from_config(config)
    return EnvironmentContext(
        config, script, fn=_upgrades(script, revision), as_sql=as_sql, destination_rev=revision
    )


def _upgrades(script: ScriptDirectory, revision: str) -> Callable[[Any, Any], Any]:
    return lambda heads, _context: script._upgrade_revs(revision, heads)  # noqa: SLF001
