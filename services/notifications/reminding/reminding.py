"""One round of reminders: who is to be reminded of what is open, and what need not be said any more."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.notifications.directory.snapshots import Asked, snapshots
from services.notifications.policy.days import day_in_china
from services.notifications.policy.ladder import Ladder
from services.notifications.policy.obligations import about_row
from services.notifications.policy.reminders import hours_ahead, keys, remind, step_today
from services.notifications.policy.snapshot import Snapshot
from services.notifications.policy.timing import Timing
from services.notifications.reminding.board import Board, Row
from services.notifications.state import notices
from services.notifications.state.connections import Connection
from services.notifications.state.notices import Notice

Queue = Callable[[Connection, Sequence[Notice]], None]
log = structlog.get_logger("notifications.reminding")

REMINDERS = ("reminder", "due")
OVERDUE = ("overdue",)
# A notice so young may be of something the board's answer did not know yet.
YOUNG = timedelta(minutes=1)
POSITION = "SELECT coalesce(max(position), 0) FROM notifications.inbox"
SEEN = "CREATE TEMPORARY TABLE still_open (intent text PRIMARY KEY)"
SEE = "INSERT INTO still_open SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
STOP = """
UPDATE notifications.notices n SET state = 'stopped', stopped_at = clock_timestamp()
WHERE state = 'waiting' AND kind = ANY(%s) AND created_at < %s
    AND NOT EXISTS (SELECT 1 FROM still_open s WHERE s.intent = n.intent)
"""


class Reminding:
    """Reminds, again and again with the same outcome; nothing is held but one page."""

    def __init__(self, board: Board, ladder: Ladder, queue: Queue) -> None:
        self._board = board
        self._ladder = ladder
        self._queue = queue

    def run(self, connection: Connection, now: datetime) -> tuple[int, int]:
        """How many were told, and how many notices stopped because the obligation was met.

        The board is asked at least as of the last message we know, so that nothing that was
        declared later than its answer is taken for met.
        """
        began = self._database_time(connection)
        position = int((connection.execute(POSITION).fetchone() or [0])[0])
        connection.execute("DROP TABLE IF EXISTS still_open")
        connection.execute(SEEN)
        told = 0
        for page in self._board.coming(hours_ahead(self._ladder), position):
            told += self._page(connection, [r for r in page if r.get("what") == "due"], now)
        stopped = self._stop(connection, REMINDERS, began)
        for page in self._board.overdue(position):
            self._see(connection, [about_row(row).key("overdue") for row in page])
        stopped += self._stop(connection, OVERDUE, began)
        log.info("reminded", told=told, stopped=stopped, position=position)
        return told, stopped

    def _page(self, connection: Connection, rows: list[Row], now: datetime) -> int:
        self._see(connection, [key for row in rows for key in keys(row, self._ladder)])
        rows = list(self._due_today(rows, now))
        with connection.transaction():
            known = self._known(connection, rows, now)
            pairs = zip(rows, known, strict=True)
            intents = [i for row, one in pairs for i in remind(row, one, self._ladder, now)]
            new = notices.write(connection, intents)
            if new:
                self._queue(connection, new)
        return len(new)

    def _due_today(self, rows: list[Row], now: datetime) -> Iterator[Row]:
        timing, today = Timing(self._ladder), day_in_china(now)
        return (row for row in rows if step_today(row, self._ladder, timing, today))

    def _known(self, connection: Connection, rows: list[Row], now: datetime) -> list[Snapshot]:
        asked = [
            Asked(
                UUID(str(row["subject_id"])) if row.get("subject") == "case" else None,
                unit=row.get("unit"),
                staff=row.get("accountable"),
            )
            for row in rows
        ]
        return snapshots(connection, asked, now, self._ladder.roles)

    def _see(self, connection: Connection, intents: list[str]) -> None:
        connection.execute(SEE, [intents])

    def _stop(self, connection: Connection, kinds: Sequence[str], began: datetime) -> int:
        return connection.execute(STOP, [list(kinds), began - YOUNG]).rowcount

    @staticmethod
    def _database_time(connection: Connection) -> datetime:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return row[0]  # type: ignore[no-any-return]
