"""The directory's table: read by pages, written by person."""

from collections.abc import Iterable
from typing import Any

from psycopg.types.json import Jsonb

from services.notifications.directory.entries import Entry
from services.notifications.directory.lookups import person
from services.notifications.policy.people import Person
from services.notifications.refusals import Absent, Refused
from services.notifications.state.connections import Connection

FIELDS = (
    "locale", "channels", "quiet_from", "quiet_until", "digest_at", "absent_from", "absent_until",
    "stand_in",
)  # fmt: skip
COLUMNS = ", ".join(("staff", *FIELDS))
PAGE = f"""
SELECT {COLUMNS} FROM notifications.people WHERE staff > %s ORDER BY staff LIMIT %s
"""
ONE = f"SELECT {COLUMNS} FROM notifications.people WHERE staff = %s"
PUT = f"""
INSERT INTO notifications.people ({COLUMNS}) VALUES (%s, {", ".join(["%s"] * len(FIELDS))})
ON CONFLICT (staff) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in FIELDS)}, updated_at = clock_timestamp()
"""
REMOVE = "DELETE FROM notifications.people WHERE staff = %s"


class NotInDirectory(Absent):
    """The directory does not know this person."""

    remedy = "Add the person first; without an entry there is the inbox only."


class StandsInForThemselves(Refused):
    """Nobody stands in for themselves."""

    remedy = "Name somebody else, or nobody."


def page(connection: Connection, after: str = "", limit: int = 100) -> list[Person]:
    return [person(row) for row in connection.execute(PAGE, [after, limit])]


def one(connection: Connection, staff: str) -> Person:
    row = connection.execute(ONE, [staff]).fetchone()
    if row is None:
        raise NotInDirectory
    return person(row)


def put(connection: Connection, staff: str, entry: Entry) -> None:
    """Write the whole entry; the same again changes nothing."""
    if entry.stand_in == staff:
        raise StandsInForThemselves
    connection.execute(PUT, _row(staff, entry))


def put_all(connection: Connection, entries: Iterable[tuple[str, Entry]]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(PUT, [_row(staff, entry) for staff, entry in entries])


def remove(connection: Connection, staff: str) -> None:
    connection.execute(REMOVE, [staff])


def _row(staff: str, entry: Entry) -> list[Any]:
    channels = Jsonb([reached.model_dump() for reached in entry.channels])
    rest = [getattr(entry, name) for name in FIELDS if name not in ("locale", "channels")]
    return [staff, entry.locale, channels, *rest]
