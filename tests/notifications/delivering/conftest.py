"""An office of the test's own."""

import pytest

from services.notifications.state.connections import Connection
from tests.notifications.delivering.office import Office


@pytest.fixture
def office(notifications_database: str, held: Connection) -> Office:
    return Office(notifications_database, held)
