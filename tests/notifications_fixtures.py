"""The service's own database beside the existing servers: migrated once, cloned for every test."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from services.casefile.embedded import RunningPostgres
from services.notifications.state.connections import Connection, connect
from services.notifications.state.migrations import migrate
from tests.notifications.taking import Reader

TEMPLATE = "notifications_template"
NUMBERS = count(1)


@pytest.fixture(scope="session")
def notifications_template(postgres_server: RunningPostgres) -> str:
    with psycopg.connect(postgres_server.conninfo(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {TEMPLATE}")
    migrate(postgres_server.conninfo(database=TEMPLATE))
    return TEMPLATE


@pytest.fixture
def notifications_database(
    postgres_server: RunningPostgres, notifications_template: str
) -> Iterator[str]:
    """The address of a database of the test's own."""
    name = f"notifications_{next(NUMBERS)}"
    with psycopg.connect(postgres_server.conninfo(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {notifications_template}")
        yield postgres_server.conninfo(database=name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def held(notifications_database: str) -> Iterator[Connection]:
    """A connection to that database, as the service opens it."""
    with connect(notifications_database) as connection:
        yield connection


@pytest.fixture
def reader(held: Connection) -> Reader:
    """One partition over that database."""
    return Reader(held)
