"""Days that Casefile closed: each is answered with one round of reminders."""

from collections.abc import Callable
from datetime import date

from services.notifications.messages import Incoming
from services.notifications.state.connections import Connection

CLOSED = "casefile.day-closed.v1"
LOCK = "SELECT pg_try_advisory_lock(x'72656d69'::bigint)"
UNLOCK = "SELECT pg_advisory_unlock(x'72656d69'::bigint)"
WANT = "INSERT INTO notifications.reminders (day) VALUES (%s) ON CONFLICT DO NOTHING"
WANTED = "SELECT max(day) FROM notifications.reminders WHERE done_at IS NULL"
DONE = """
UPDATE notifications.reminders SET done_at = clock_timestamp()
WHERE done_at IS NULL AND day <= %s
"""


def want(connection: Connection, message: Incoming) -> None:
    """A day was closed: what comes next is to be asked for."""
    connection.execute(WANT, [message.data["occurred_on"]])


LISTENERS = {CLOSED: want}


def wanted(connection: Connection) -> date | None:
    """The last day that was closed and not answered; the days before it are answered with it."""
    row = connection.execute(WANTED).fetchone()
    return row[0] if row else None


def done(connection: Connection, day: date) -> None:
    connection.execute(DONE, [day])


def alone(connection: Connection, work: Callable[[], None]) -> bool:
    """Do it unless another process does it now."""
    if connection.execute(LOCK).fetchone() != (True,):
        return False
    try:
        work()
    finally:
        connection.execute(UNLOCK)
    return True
