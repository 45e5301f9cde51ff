"""The roles and databases Casefile lives in, and what they may not do."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from services.casefile.embedded import (
    EmbeddedPostgres,
    PgBinaries,
    Provisioned,
    RunningPostgres,
    provision,
)

Server = tuple[RunningPostgres, Provisioned]

CANARY = "王小满-canary"


@pytest.fixture(scope="module")
def server(
    pg_binaries: PgBinaries, made_cluster: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = shutil.copytree(made_cluster, tmp_path_factory.mktemp("provisioned") / "data")
    with EmbeddedPostgres(Path(folder), pg_binaries) as running:
        yield running, provision(running)


def whereabouts(address: str) -> tuple[object, ...] | None:
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT current_user, current_database()").fetchone()


def test_every_address_leads_to_its_role_and_database(server: Server) -> None:
    _, made = server

    reached = [
        whereabouts(address)
        for address in (made.app, made.owner, made.keyring_app, made.keyring_owner)
    ]

    assert reached == [
        ("casefile_app", "casefile"),
        ("casefile_owner", "casefile"),
        ("casefile_app", "casefile_keyring"),
        ("casefile_owner", "casefile_keyring"),
    ]


def test_provisioning_again_changes_nothing(server: Server) -> None:
    running, first = server
    with psycopg.connect(first.owner) as connection:
        connection.execute("CREATE TABLE old ()")

    assert provision(running) == first
    with psycopg.connect(first.owner) as connection:
        connection.execute("TABLE old")


def test_no_address_carries_a_password(server: Server) -> None:
    _, made = server

    assert "password" not in conninfo_to_dict(made.owner)


@pytest.mark.parametrize(
    "statement",
    ["CREATE TEMP TABLE t ()", "CREATE TABLE t ()", "CREATE SCHEMA s", "CREATE DATABASE d"],
)
def test_the_application_makes_nothing_of_its_own(server: Server, statement: str) -> None:
    _, made = server

    for address in (made.app, made.keyring_app):
        with (
            psycopg.connect(address, autocommit=True) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    ["SELECT %s::text::uuid", "INSERT INTO kept VALUES (%s), (%s)", "SELECT * FROM no_table, %s"],
)
def test_a_failing_statement_leaves_no_value_in_the_servers_log(
    server: Server, statement: str
) -> None:
    running, made = server
    with psycopg.connect(made.owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (name text PRIMARY KEY)")

        with pytest.raises(psycopg.Error):
            connection.execute(statement.encode(), [CANARY] * statement.count("%s"))

    assert "canary" not in running.passfile.with_name("server.log").read_text()
