"""A reader over the test's own database."""

import pytest

from services.notifications.state.connections import Connection
from tests.notifications.taking import Reader


@pytest.fixture
def reader(held: Connection) -> Reader:
    return Reader(held)
