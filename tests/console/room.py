"""A console that asks for notices, and a miss of the county to ask about."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from services.casefile.api.app import create_app as create_api
from services.casefile.application.clock import system_clock
from services.casefile.console.app import add_console
from services.casefile.console.notices_client import HttpNotices
from services.casefile.history.obligation_rows import ObligationRow
from services.casefile.history.obligations import ObligationFilter
from services.casefile.history.view import NOW
from services.casefile.readmodels.pages import open_pool
from services.notifications.state.connections import Connection
from tests.console.asking import Somebody
from tests.console.county import County, product, tokens
from tests.console.telling import TOKEN, Telling, Turned, serving
from tests.servers import Database

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


class Missed(NamedTuple):
    """A window of a child that nobody took care of, and how the pages call it."""

    case_id: UUID
    row: ObligationRow

    @property
    def about(self) -> str:
        return f"{self.row.policy}/{self.row.policy_version}/{self.row.rule}/{self.row.window}"

    @property
    def page(self) -> str:
        """The child's page with nothing but the misses of that rule around its window."""
        days = f"since={self.row.starts_on}&until={self.row.ends_on}"
        return f"/cases/{self.case_id}/obligations?rule={self.row.rule}&{days}"

    @property
    def sheet(self) -> str:
        return f"/cases/{self.case_id}/notices"


class Room(NamedTuple):
    """A console, and what it asks for notices."""

    notices: Turned
    inspector: Somebody
    teacher: Somebody
    operator: Somebody
    missed: Missed


@pytest.fixture(scope="module")
def room(console_database: Database, console_folder: Path, county: County) -> Iterator[Room]:
    turned = Turned()
    with (
        closing(product(console_database, console_folder)) as built,
        open_pool(console_database.app) as pool,
    ):
        app = create_api(built, tokens(), pool=pool)
        add_console(app, built, pool, tokens(), console_folder / "session.key", turned)
        people = [Somebody(app, role) for role in ("inspector", "teacher")]
        operator = Somebody(app, None)
        operator.client.headers["authorization"] = "Bearer token-of-operator"
        roster = people[0].read("/roster?limit=200")
        for case in sorted(set(re.findall(r"/cases/([0-9a-f-]{36})", roster))):
            asked = ObligationFilter(states=("missed",), obligor="staff")
            page = built.obligations.of(UUID(case), NOW, system_clock(), asked=asked, limit=1)
            if page.rows:
                yield Room(turned, *people, operator, Missed(UUID(case), page.rows[0]))
                return
    raise AssertionError("nothing was missed in this county")


@pytest.fixture
def telling(held: Connection, room: Room) -> Telling:
    return Telling(held, room.missed.case_id, room.missed.row, system_clock())


@pytest.fixture
def beside(room: Room, notifications_database: str) -> Iterator[str]:
    """The real service, asked as Casefile asks it."""
    with serving(notifications_database) as address:
        room.notices.to = HttpNotices(address, lambda: TOKEN)
        yield address
