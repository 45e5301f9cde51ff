"""Callers of the API, one per role, each with a token of its own."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from services.casefile.api.tokens import Holder, Tokens, digest_of

HOLDERS = {
    "teacher": Holder("teacher", "t-101", "class_teacher", "class-31"),
    "colleague": Holder("teacher", "t-102", "class_teacher", "class-31"),
    "child_director": Holder("child_director", "d-201", "child_director", "village-1"),
    "supervisor": Holder("supervisor", "s-301", "child_supervisor", "town-1"),
    "county": Holder("county", "c-401", "county_officer", "county-1"),
    "inspector": Holder("inspector", "i-501", "inspector", "county-1"),
    "operator": Holder("operator", "o-1", "operator", "county-1"),
    "service": Holder("service", "notifications", "service", "county-1"),
}


def token(name: str) -> str:
    return f"token-of-{name}"


def tokens() -> Tokens:
    return Tokens({digest_of(token(name)): holder for name, holder in HOLDERS.items()})


@dataclass
class Caller:
    """Somebody with a token, or without one, in front of the API."""

    client: TestClient
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> Response:
        return self.client.get(path, params=params, headers=self.headers | (headers or {}))

    def post(self, path: str, body: Any = None, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, json=body, headers=self.headers | named)

    def send(self, path: str, content: bytes, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        json = {"content-type": "application/json"}
        return self.client.post(path, content=content, headers=self.headers | json | named)

    def record(self, case_id: UUID | str, kind: str, body: Any, **headers: str) -> Response:
        return self.post(f"/v1/cases/{case_id}/records/{kind}", body, **headers)

    def talk(self, case_id: UUID | str, **fields: Any) -> dict[str, Any]:
        """A talk that is accepted; what the API says of it."""
        return accepted(self.record(case_id, "talk", talk(**fields)))

    def history(self, case_id: UUID | str, **params: Any) -> dict[str, Any]:
        return accepted(self.get(f"/v1/cases/{case_id}/history", **params))


def caller(app: FastAPI, name: str | None = "teacher") -> Caller:
    client = TestClient(app, raise_server_exceptions=False)
    return Caller(client, {"authorization": f"Bearer {token(name)}"} if name else {})


def accepted(response: Response) -> dict[str, Any]:
    assert response.is_success, response.text
    body: dict[str, Any] = response.json()
    return body


def talk(**fields: Any) -> dict[str, Any]:
    return {"occurred_on": "2026-11-19", "place": "school", "minutes": 20} | fields


def fresh_id() -> str:
    return str(uuid4())
