"""A PostgreSQL of its own: it is struck, and nobody else may stand on it."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from services.casefile.embedded import PgBinaries, RunningPostgres
from services.notifications.state.connections import connect
from services.notifications.state.migrations import migrate
from tests.notifications.workers import Effects
from tests.servers import server


@pytest.fixture(scope="session")
def fragile(
    pg_binaries: PgBinaries, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPostgres]:
    with server(tmp_path_factory.mktemp("fragile") / "pg", pg_binaries) as running:
        yield running


@pytest.fixture
def database(fragile: RunningPostgres) -> str:
    name = f"crash_{uuid4().hex}"
    with psycopg.connect(fragile.conninfo(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    address = fragile.conninfo(database=name)
    migrate(address)
    with connect(address) as connection:
        Effects(connection)
    return address
