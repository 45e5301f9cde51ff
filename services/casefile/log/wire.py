"""The appending connection: one round trip at a time, and a new connection when one is lost."""

import random
import time
from collections.abc import Iterator, Sequence
from threading import Event
from typing import Any

import psycopg
from psycopg import Cursor
from psycopg.rows import TupleRow

from services.casefile.log.commit import Commit
from services.casefile.log.connections import connect_appender
from services.casefile.log.errors import LogUnavailable

LOST = (psycopg.OperationalError, psycopg.InterfaceError)


class Submission:
    """A commit on its way, and how often it was sent: more than once leaves a doubt."""

    __slots__ = ("commit", "sent")

    def __init__(self, commit: Commit) -> None:
        self.commit, self.sent = commit, 0

    @property
    def is_doubtful(self) -> bool:
        return self.sent > 1


class Wire:
    def __init__(self, conninfo: str, *, patience: float) -> None:
        self._conninfo, self._patience = conninfo, patience
        self._cursor: Cursor[TupleRow] | None = None
        self._closed = Event()

    def fetch(
        self, statement: bytes, params: Sequence[Any], sent: Sequence[Submission] = ()
    ) -> list[TupleRow]:
        """Run one statement; sending again is safe because appending twice is."""
        for pause in self._pauses():
            for each in sent:
                each.sent += 1
            try:
                return self._execute(statement, params)
            except LOST:
                self._drop()
                self._closed.wait(pause)
        raise LogUnavailable

    def close(self) -> None:
        self._closed.set()
        self._drop()

    def _execute(self, statement: bytes, params: Sequence[Any]) -> list[TupleRow]:
        cursor = self._cursor or self._connect()
        try:
            return cursor.execute(statement, params, prepare=True).fetchall()
        except psycopg.Error:
            raise
        except BaseException:
            # Interrupted in the middle: nobody knows what the connection is at.
            self._drop()
            raise

    def _connect(self) -> Cursor[TupleRow]:
        # One cursor for good: making one costs as much as a small statement.
        self._cursor = connect_appender(self._conninfo).cursor(binary=True)
        return self._cursor

    def _pauses(self) -> Iterator[float]:
        deadline = time.monotonic() + self._patience
        pause = 0.01
        while not self._closed.is_set():
            yield pause * random.uniform(0.5, 1.0)  # noqa: S311
            if time.monotonic() > deadline:
                return
            pause = min(pause * 2, 1.0)

    def _drop(self) -> None:
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            cursor.connection.close()
