"""Runs Alembic without an ini file or an env.py: one tree, one transaction a run."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from psycopg.sql import SQL, Identifier
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

HERE = Path(__file__).parent
SCHEMA = "notifications"
WHERE: dict[str, Any] = {"version_table": "schema_revision", "version_table_schema": SCHEMA}
PREPARE = (
    "SET LOCAL lock_timeout = '30s'",
    "SET LOCAL statement_timeout = '1h'",
    "SELECT pg_advisory_xact_lock(x'6e6f7469'::bigint)",
    f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
)
GRANTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
)


def migrate(owner_conninfo: str, app_role: str | None = None, revision: str = "head") -> None:
    """Bring the database to a revision; safe to run from several machines at once."""
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(owner_conninfo), poolclass=NullPool
    )
    with engine.connect() as connection, _environment(revision) as env:
        env.configure(connection=connection, **WHERE)
        _upgrade(env)
    if app_role is not None:
        _grant(owner_conninfo, app_role)


def offline_sql(revision: str = "head") -> str:
    """The script a database administrator would run by hand; needs no database."""
    out = io.StringIO()
    with _environment(revision, as_sql=True) as env:
        env.configure(
            dialect_name="postgresql",
            dialect_opts={"paramstyle": "named"},
            output_buffer=out,
            **WHERE,
        )
        _upgrade(env)
    return out.getvalue()


def behind(conninfo: str) -> list[str]:
    """The revisions that a database still lacks."""
    with _environment("head") as env:
        known = [r.revision for r in env.script.walk_revisions()]
    with psycopg.connect(conninfo) as connection:
        exists = f"SELECT to_regclass('{SCHEMA}.schema_revision') IS NOT NULL"
        if connection.execute(exists.encode()).fetchone() != (True,):
            return known
        revision = f"SELECT version_num FROM {SCHEMA}.schema_revision"
        held = {str(row[0]) for row in connection.execute(revision.encode())}
    place = next((n for n, name in enumerate(known) if name in held), len(known))
    return known[:place]


def _grant(owner_conninfo: str, role: str) -> None:
    with psycopg.connect(owner_conninfo) as connection:
        for grant in GRANTS:
            names = {"schema": Identifier(SCHEMA), "role": Identifier(role)}
            connection.execute(SQL(grant).format(**names))


def _upgrade(env: EnvironmentContext) -> None:
    with env.begin_transaction():
        for statement in PREPARE:
            env.execute(text(statement))
        env.run_migrations()


def _environment(revision: str, *, as_sql: bool = False) -> EnvironmentContext:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    script = ScriptDirectory.from_config(config)
    return EnvironmentContext(
        config, script, fn=_upgrades(script, revision), as_sql=as_sql, destination_rev=revision
    )


def _upgrades(script: ScriptDirectory, revision: str) -> Callable[[Any, Any], Any]:
    return lambda heads, _context: script._upgrade_revs(revision, heads)  # noqa: SLF001
