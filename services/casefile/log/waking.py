"""Tells followers that the log has grown: at once in this process, as a hint in all others.

A lost hint costs latency only: whoever waits comes back by itself when its time is up and polls.
"""

from threading import Condition, Event, Thread

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from services.casefile.log.connections import connect_hinter

QUIET = 0.02
TICK = 0.25
RETRY = 1.0


class Waker:
    """One per process; its two threads start when first needed and never hold up an append."""

    def __init__(self, conninfo: str) -> None:
        self._bell = Bell()
        self._ringer = Ringer(conninfo)
        self._listener = Listener(conninfo, self._bell)

    def wake(self) -> None:
        """Say that something was appended; returns at once."""
        self._bell.ring()
        self._ringer.ring()

    def mark(self) -> int:
        """Take this before reading: what comes after it cuts the next wait short."""
        return self._bell.rung

    def wait(self, timeout: float, *, since: int | None = None) -> bool:
        """Wait for news since a mark; false when the time was up and polling must do."""
        self._listener.start()
        return self._bell.wait(timeout, self._bell.rung if since is None else since)

    def close(self) -> None:
        self._listener.close()
        self._ringer.close()


class Bell:
    def __init__(self) -> None:
        self._condition = Condition()
        self.rung = 0

    def ring(self) -> None:
        with self._condition:
            self.rung += 1
            self._condition.notify_all()

    def wait(self, timeout: float, since: int) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self.rung != since, timeout)


class HintThread:
    """A daemon with a connection of its own, which it replaces for as long as it lives."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._closed = Event()
        self._starting = Condition()
        self._thread: Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None and not self._closed.is_set():
                    self._thread = Thread(target=self._run, name=type(self).__name__, daemon=True)
                    self._thread.start()

    def close(self) -> None:
        with self._starting:
            self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                with connect_hinter(self._conninfo) as connection:
                    self._serve(connection)
            except psycopg.Error:
                self._closed.wait(RETRY)

    def _serve(self, connection: Connection[TupleRow]) -> None:
        raise NotImplementedError


class Ringer(HintThread):
    """Sends NOTIFY from outside every appending transaction, where it would queue all commits."""

    def __init__(self, conninfo: str) -> None:
        super().__init__(conninfo)
        self._wanted = Event()

    def ring(self) -> None:
        if not self._wanted.is_set():
            self._wanted.set()
            self.start()

    def close(self) -> None:
        self._closed.set()
        self._wanted.set()
        super().close()

    def _serve(self, connection: Connection[TupleRow]) -> None:
        # Cleared before it looks whether to end, or it could clear the call to end and wait on.
        # Looks at `closed` only after clearing: a close in between is then never slept through.
        while not self._closed.is_set():
            self._wanted.wait()
            self._wanted.clear()
            connection.execute("NOTIFY casefile_log")
            self._closed.wait(QUIET)


class Listener(HintThread):
    def __init__(self, conninfo: str, bell: Bell) -> None:
        super().__init__(conninfo)
        self._bell = bell

    def _serve(self, connection: Connection[TupleRow]) -> None:
        connection.execute("LISTEN casefile_log")
        self._bell.ring()
        while not self._closed.is_set():
            for _ in connection.notifies(timeout=TICK, stop_after=1):
                self._bell.ring()
