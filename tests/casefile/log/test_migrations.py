"""Migrations: again is harmless, all at once is harmless, and they can be read before they run."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.casefile.log.migrations import behind, migrate, offline_sql
from services.casefile.log.migrations.runner import KEYRING, LOG, Tree
from tests.casefile.log.keyrings import in_own_processes
from tests.servers import Database

SHAPE = """
SELECT table_schema, table_name, column_name, data_type, column_default, is_nullable
FROM information_schema.columns WHERE table_schema IN ('casefile', 'keyring') ORDER BY 1, 2, 3
"""


@pytest.fixture
def empty(database: Database) -> Iterator[str]:
    """A database of the owner's with nothing in it."""
    name = f"{conninfo_to_dict(database.owner)['dbname']}_empty"
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER casefile_owner")
        yield make_conninfo(database.owner, dbname=name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def shape(conninfo: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(SHAPE).fetchall()


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = shape(database.owner)

    migrate(database.owner)

    assert shape(database.owner) == before


def test_machines_that_migrate_at_once_take_turns(empty: str, database: Database) -> None:
    assert in_own_processes(migrate, *[(empty,)] * 3) == [0] * 3

    assert shape(empty) == shape(database.owner)


def test_the_services_see_without_the_owner_that_nothing_is_behind(database: Database) -> None:
    assert behind(database.app, LOG) == behind(database.keyring_app, KEYRING) == []


def test_a_role_that_no_migration_let_in_takes_everything_for_behind(database: Database) -> None:
    with psycopg.connect(database.owner) as owner:
        owner.execute("REVOKE SELECT ON casefile.schema_revision FROM casefile_app")

    assert behind(database.owner, LOG) == []
    assert behind(database.app, LOG)[-1] == "0001"


@pytest.mark.parametrize("tree", [LOG, KEYRING], ids=lambda tree: tree.name)
def test_the_printed_script_makes_the_same_database(
    empty: str, database: Database, tree: Tree
) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(offline_sql(tree).encode())

    assert shape(empty) == shape(
        {"log": database.owner, "keyring": database.keyring_owner}[tree.name]
    )


def test_a_missing_role_is_named(empty: str, database: Database) -> None:
    script = offline_sql().replace("'casefile_app'", "'nobody_made_this'")

    with (
        psycopg.connect(empty, autocommit=True) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="does not exist"),
    ):
        connection.execute(script.encode())
