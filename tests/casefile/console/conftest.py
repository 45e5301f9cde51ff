"""The console over a real database, without a browser: people who are signed in and fill in forms."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from services.casefile.api.app import create_app
from services.casefile.composition import Parts, every_read_model
from services.casefile.console.app import add_console
from services.casefile.following import Following, Upkeep
from services.casefile.readmodels.pages import open_pool
from tests.casefile.api.calling import token, tokens
from tests.casefile.console.page import FORM_TYPE, Form, Page, Pairs
from tests.casefile.world import open_child, parts, settle
from tests.servers import Database, Template


@dataclass
class Person:
    """Somebody in front of the console."""

    client: TestClient

    def get(self, path: str) -> Response:
        return self.client.get(path, follow_redirects=False)

    def page(self, path: str) -> Page:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def post(self, path: str, pairs: Pairs) -> Response:
        sent = {"content-type": FORM_TYPE, "origin": "http://testserver"}
        return self.client.post(
            path, content=urlencode(pairs), headers=sent, follow_redirects=False
        )

    def send(self, path: str, /, **changes: Any) -> Response:
        """Open the form at this address, change some of it, and send it."""
        form = self.page(path).form()
        return self.post(form.action, form.pairs(**changes))

    def resend(self, form: Form, /, **changes: Any) -> Response:
        return self.post(form.action, form.pairs(**changes))


@pytest.fixture(scope="module")
def database(template: Template) -> Iterator[Database]:
    """One for all tests of a file: each has a child of its own."""
    with template.clone() as fresh:
        yield fresh


@pytest.fixture(scope="module")
def product(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with closing(parts(database, tmp_path_factory.mktemp("secrets"))) as built:
        settle(built)
        yield built


@pytest.fixture(scope="module")
def follow(database: Database, product: Parts) -> Iterator[Callable[[], None]]:
    """Lets the lists catch up."""
    every = every_read_model(product)
    Upkeep(database.app, product.recorder, product.mapper, every).prepare()
    with closing(Following(database.app, product.recorder, product.mapper, every)) as following:
        following.catch_up()
        yield following.catch_up


@pytest.fixture(scope="module")
def app(
    database: Database, product: Parts, follow: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FastAPI]:
    with open_pool(database.app) as pool:
        held = tokens()
        made = create_app(product, held, pool=pool)
        add_console(made, product, pool, held, tmp_path_factory.mktemp("key") / "session.key")
        yield made


@pytest.fixture(scope="module")
def sign_in(app: FastAPI) -> Callable[[str], Person]:
    """Somebody by role, once signed in."""
    known: dict[str, Person] = {}

    def person(role: str) -> Person:
        if role not in known:
            client = TestClient(app, raise_server_exceptions=False)
            client.headers["accept-language"] = "zh"
            known[role] = Person(client)
            entered = known[role].post("/login", [("token", token(role))])
            assert entered.status_code == 303, entered.text
        return known[role]

    return person


@pytest.fixture
def teacher(sign_in: Callable[[str], Person]) -> Person:
    return sign_in("teacher")


@pytest.fixture
def case_id(product: Parts) -> UUID:
    return open_child(product)
