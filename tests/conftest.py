"""What every test may ask for: a server of its worker's own, and a fresh pair of databases."""

import os
from collections.abc import Iterator

import pytest

from services.casefile.embedded import PgBinaries, RunningPostgres
from tests.servers import Database, Template, chosen_binaries, migrated, server

pytest_plugins = ["tests.kafka_fixtures", "tests.notifications_fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres",
        default=os.environ.get("CASEFILE_TEST_POSTGRES", "embedded"),
        metavar="embedded|debian|FOLDER",
        help="the PostgreSQL to run on (also CASEFILE_TEST_POSTGRES; default: embedded)",
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"postgres: {config.getoption('postgres')}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "pg_binaries" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def pg_binaries(pytestconfig: pytest.Config) -> PgBinaries:
    return chosen_binaries(pytestconfig.getoption("postgres"))


@pytest.fixture(scope="session")
def postgres_server(
    pg_binaries: PgBinaries, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPostgres]:
    with server(tmp_path_factory.mktemp("postgres"), pg_binaries) as running:
        yield running


@pytest.fixture(scope="session")
def template(postgres_server: RunningPostgres) -> Iterator[Template]:
    with migrated(postgres_server) as ready:
        yield ready


@pytest.fixture
def database(template: Template) -> Iterator[Database]:
    with template.clone() as fresh:
        yield fresh
