"""Remembers which attempts were begun, so that one whose worker died is never passed over in silence."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.notifications.delivering.queueing import Attempt
from services.notifications.state.connections import Connection

COLUMNS = "notice_ids, channel, template, locale, attempt, since"
LEFT = f"""
DELETE FROM notifications.sending WHERE key = %s AND hearer = %s RETURNING {COLUMNS}
"""
BEGUN = f"""
INSERT INTO notifications.sending (key, hearer, {COLUMNS})
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
# Only one's own: whoever was frozen meanwhile takes nothing from whoever took over.
ENDED = "DELETE FROM notifications.sending WHERE id = %s"


class Left(msgspec.Struct, frozen=True):
    """An attempt that was begun; if it was never entered, the other side may have it."""

    notice_ids: list[UUID]
    channel: str
    template: str
    locale: str
    attempt: int
    since: datetime


def left(connection: Connection, attempt: Attempt) -> Left | None:
    """What was begun before and never entered; from now on it is this attempt's matter."""
    row = connection.execute(LEFT, [attempt.key, attempt.hearer]).fetchone()
    return Left(*row) if row else None


def begin(connection: Connection, attempt: Attempt, way: Left) -> int:
    given = [attempt.key, attempt.hearer, *msgspec.structs.astuple(way)]
    row = connection.execute(BEGUN, given).fetchone()
    assert row is not None
    return int(row[0])


def end(connection: Connection, begun: int) -> None:
    connection.execute(ENDED, [begun])
