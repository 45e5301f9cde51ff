"""What is read and marked: a person's inbox, and what is parked."""

from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from services.notifications.refusals import Absent
from services.notifications.state.connections import Connection

INBOX = """
SELECT id, notice_id, title, body, link, read_at, created_at FROM notifications.items
WHERE staff = %s AND id < %s AND (NOT %s OR read_at IS NULL) ORDER BY id DESC LIMIT %s
"""
READ = """
UPDATE notifications.items SET read_at = coalesce(read_at, clock_timestamp())
WHERE id = %s AND staff = %s RETURNING read_at
"""
PARKED = """
SELECT id, stream_id, version, position, type, class, reason, attempts, parked_at
FROM notifications.parked WHERE id > %s ORDER BY id LIMIT %s
"""
Rows = list[dict[str, Any]]
NEWEST = 2**62


class NoSuchItem(Absent):
    """There is no such item in your inbox."""

    remedy = "List your inbox with GET /v1/inbox."


def inbox(
    connection: Connection, staff: str, before: int | None, limit: int, *, unread: bool
) -> Rows:
    return _rows(connection, INBOX, [staff, before or NEWEST, unread, limit])


def mark_read(connection: Connection, staff: str, item: int) -> datetime:
    """Marked once; marking it again leaves the first moment."""
    row = connection.execute(READ, [item, staff]).fetchone()
    if row is None:
        raise NoSuchItem
    moment: datetime = row[0]
    return moment


def parked(connection: Connection, after: int, limit: int) -> Rows:
    return _rows(connection, PARKED, [after, limit])


def _rows(connection: Connection, query: str, given: list[Any]) -> Rows:
    return connection.cursor(row_factory=dict_row).execute(query, given).fetchall()
