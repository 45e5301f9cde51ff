"""The API over a real database, with its units, its staff and one child."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.casefile.api.app import create_app
from services.casefile.composition import Parts
from tests.casefile.api.calling import Caller, caller, tokens
from tests.casefile.world import open_child, parts, settle
from tests.servers import Database


@pytest.fixture
def product(database: Database, tmp_path: Path) -> Iterator[Parts]:
    built = parts(database, tmp_path)
    settle(built)
    yield built
    built.close()


@pytest.fixture
def app(product: Parts) -> FastAPI:
    return create_app(product, tokens())


@pytest.fixture
def teacher(app: FastAPI) -> Caller:
    return caller(app)


@pytest.fixture
def case_id(product: Parts) -> UUID:
    return open_child(product)
