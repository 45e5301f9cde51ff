"""The API over a real database, with its units, its staff and one child."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.casefile.api.app import create_app
from services.casefile.composition import Parts, obligation_models, read_models
from services.casefile.following import Following, Upkeep
from services.casefile.readmodels.pages import Pool, open_pool
from tests.casefile.api.calling import Caller, accepted, caller, tokens
from tests.casefile.api.served import Served, served
from tests.casefile.inspected import order
from tests.casefile.world import open_child, parts, settle
from tests.servers import Database, Template


@pytest.fixture(scope="module")
def database(template: Template) -> Iterator[Database]:
    """One for all tests of a file: each has a child of its own."""
    with template.clone() as fresh:
        yield fresh


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture(scope="module")
def product(database: Database, secrets: Path) -> Iterator[Parts]:
    with closing(parts(database, secrets)) as built:
        settle(built)
        yield built


@pytest.fixture(scope="module")
def pool(database: Database) -> Iterator[Pool]:
    with open_pool(database.app) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(product: Parts, pool: Pool) -> FastAPI:
    return create_app(product, tokens(), pool=pool)


@pytest.fixture(scope="module")
def teacher(app: FastAPI) -> Caller:
    return caller(app)


@pytest.fixture
def case_id(product: Parts) -> UUID:
    return open_child(product)


@pytest.fixture(scope="module")
def process(database: Database, secrets: Path, product: Parts) -> Iterator[Served]:
    with served(database, secrets) as running:
        yield running


@pytest.fixture(scope="module")
def followed(database: Database, product: Parts) -> Iterator[Following]:
    every = [*read_models(product), *obligation_models(product)]
    Upkeep(database.app, product.recorder, product.mapper, every).prepare()
    with closing(Following(database.app, product.recorder, product.mapper, every)) as following:
        yield following


@pytest.fixture(scope="module")
def as_role(app: FastAPI) -> Callable[[str], Caller]:
    return lambda name: caller(app, name)


@pytest.fixture(scope="module")
def inspector(app: FastAPI) -> Caller:
    return caller(app, "inspector")


@pytest.fixture(scope="module")
def children(product: Parts) -> list[UUID]:
    return [open_child(product, name=f"禾苗{n}") for n in "甲乙丙丁戊己"]


@pytest.fixture
def inspection(inspector: Caller, children: list[UUID]) -> str:
    return str(accepted(inspector.post("/v1/inspections", order()))["inspection_id"])
