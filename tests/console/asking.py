"""Somebody at a browser, without the browser: fast, for what needs no eyes."""

import re
from html import unescape
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from tests.console.county import token

ORIGIN = "http://testserver"


class Somebody:
    """Signed in, or not; sends forms as a page would."""

    def __init__(self, app: FastAPI, role: str | None) -> None:
        self.client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        self.form_token = ""
        if role is not None:
            answer = self.send("/login", {"token": token(role)}, form_token=None)
            assert answer.status_code == 303
            self.form_token = hidden(self.read("/find"), "form_token")

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=named(headers))

    def read(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(
        self, path: str, form: dict[str, Any], form_token: str | None = "", **headers: str
    ) -> Response:
        if form_token is not None:
            form = {"form_token": form_token or self.form_token} | form
        return self.client.post(path, data=form, headers={"origin": ORIGIN} | named(headers))


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no {name}"
    return unescape(found.group(1))


def text_of(page: str) -> str:
    """What a reader sees, in one line."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))
