"""A PostgreSQL of its own: it is struck, and nobody else may stand on it."""

from collections.abc import Iterator

import pytest

from services.casefile.embedded import PgBinaries, RunningPostgres
from tests.servers import server


@pytest.fixture(scope="session")
def fragile(
    pg_binaries: PgBinaries, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPostgres]:
    with server(tmp_path_factory.mktemp("fragile") / "pg", pg_binaries) as running:
        yield running
