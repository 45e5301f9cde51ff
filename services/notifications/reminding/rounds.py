"""The process that reminds: a round after each closed day, and the digests when their hour comes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from services.notifications.reminding import days
from services.notifications.reminding.board import BoardDown
from services.notifications.reminding.digests import Digests
from services.notifications.reminding.reminding import Reminding
from services.notifications.state.connections import Connection

FRESH = timedelta(minutes=30)
log = structlog.get_logger("notifications.reminding")


class Rounds:
    """One pass does what is wanted now. Several processes may run it; one works at a time."""

    def __init__(self, reminding: Reminding, digests: Digests, now: Callable[[], datetime]) -> None:
        self._reminding = reminding
        self._digests = digests
        self._now = now
        self._asked: datetime | None = None

    def once(self, connection: Connection) -> bool:
        """One pass; False if another process is at it."""
        return days.alone(connection, lambda: self._pass(connection))

    def _pass(self, connection: Connection) -> None:
        day = days.wanted(connection)
        is_due = self._digests.due(connection, self._now())
        if self._asked is None or day is not None or (is_due and not self._is_fresh()):
            self._ask(connection)
            if day is not None and self._is_fresh():
                days.done(connection, day)
        self._digests.assemble(connection, self._now())

    def _ask(self, connection: Connection) -> None:
        """Without an answer the digests say what we know; the reminders follow later."""
        try:
            self._reminding.run(connection, self._now())
        except BoardDown as fault:
            log.warning("board_down", **fault.data, remedy=fault.remedy)
        else:
            self._asked = self._now()

    def _is_fresh(self) -> bool:
        return self._asked is not None and self._now() - self._asked < FRESH
