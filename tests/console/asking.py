"""Somebody at a browser, without the browser: fast, for what needs no eyes."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from tests.console.county import token

ORIGIN = "http://testserver"


class Somebody:
    """Signed in, or not; sends forms as a page would."""

    def __init__(self, app: FastAPI, role: str | None) -> None:
        self.app = app
        self.client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        self.form_token = ""
        if role is not None:
            answer = self.send("/login", {"token": token(role)}, form_token=None)
            assert answer.status_code == 303
            self.form_token = hidden(self.get("/find").text, "form_token")

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


class FormReader(HTMLParser):
    """What a browser would send if nothing on the form was touched."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._area: str | None = None
        self._choice: str | None = None
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._inside = "record-form" in (told.get("class") or "")
        elif self._inside:
            self._field(tag, told)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.values[self._area] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None

    def _field(self, tag: str, told: dict[str, str | None]) -> None:
        name = told.get("name") or ""
        if tag == "textarea":
            self._area = name
        elif tag == "select":
            self._choice = name
        elif tag == "option" and "selected" in told and self._choice:
            self.values[self._choice] = told.get("value") or ""
        elif tag == "input" and (
            told.get("type") not in ("checkbox", "radio") or "checked" in told
        ):
            self.values[name] = told.get("value") or ""


def filled_in(page: str) -> dict[str, Any]:
    """The record form of a page as it stands."""
    reader = FormReader()
    reader.feed(page)
    return reader.values


def text_of(page: str) -> str:
    """What a reader sees, in one line."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))
