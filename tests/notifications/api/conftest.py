from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.notifications.api.access import Caller, Tokens
from services.notifications.api.app import create_app
from services.notifications.state.connections import open_pool

WHO = {
    "operator": "op-1", "county": "ca-1", "inspector": "i-1", "teacher": "t-101",
    "supervisor": "sup-1", "service": "s-1",
}  # fmt: skip


@pytest.fixture
def call(notifications_database: str) -> Iterator[Any]:
    """Ask as somebody in a role."""
    tokens = Tokens(
        {sha256(role.encode()).hexdigest(): Caller(role, staff) for role, staff in WHO.items()}
    )
    with open_pool(notifications_database) as pool:
        client = TestClient(create_app(pool, tokens), raise_server_exceptions=False)

        def ask(role: str | None, method: str, path: str, **more: Any) -> Any:
            headers = {"authorization": f"Bearer {role}"} if role else {}
            return client.request(method, path, headers=headers, **more)

        yield ask
