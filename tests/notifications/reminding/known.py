"""What the service knows in these tests: a few people around a few children."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from services.notifications.policy.intent import Intent
from services.notifications.reminding.board import Row
from services.notifications.state import notices
from services.notifications.state.connections import Connection


class Owed:
    """A board that says what it is given."""

    def __init__(self, coming: list[Row] | None = None, overdue: list[Row] | None = None) -> None:
        self.rows = coming or []
        self.late = overdue or []
        self.asked: list[tuple[Any, ...]] = []

    def coming(self, hours: int, position: int) -> Iterator[list[Row]]:
        self.asked.append((hours, position))
        yield self.rows

    def overdue(self, position: int) -> Iterator[list[Row]]:
        self.asked.append((position,))
        yield self.late


def person(held: Connection, staff: str, **columns: Any) -> None:
    names = ["staff", *columns]
    values = [staff, *(Jsonb(v) if isinstance(v, list) else v for v in columns.values())]
    places = ", ".join(["%s"] * len(names))
    held.execute(f"INSERT INTO notifications.people ({', '.join(names)}) VALUES ({places})", values)


def notice(
    held: Connection, staff: str, intent: str, not_before: datetime | None, **more: Any
) -> UUID:
    given = {"kind": "missed", "case_id": uuid4()} | more
    [made] = notices.write(
        held, [Intent(dedup=intent, staff=(staff,), not_before=not_before, **given)]
    )
    return made.id


def states(held: Connection) -> dict[str, str]:
    """The state of each notice by intent and person."""
    return dict(held.execute("SELECT dedup, state FROM notifications.notices").fetchall())


def aged(held: Connection) -> None:
    """All notices become old enough for the board to know what they are of."""
    held.execute("UPDATE notifications.notices SET created_at = created_at - interval '1 hour'")
