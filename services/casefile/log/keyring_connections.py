"""Connections to the keyring database that say at once when it is down.

A pool would make every reader wait for its timeout; here a refused connection is an answer.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import TypeVar

from psycopg import Connection, InterfaceError, OperationalError
from psycopg.conninfo import make_conninfo

from services.casefile.log.keyring_errors import KeyringUnavailable

Work = TypeVar("Work")
SECONDS_TO_CONNECT = 2
MILLISECONDS_UNACKNOWLEDGED = 3_000


class KeyringConnections:
    """Runs work on an idle connection, or on a new one; the work must be safe to run twice.

    After a failure to connect, everyone is refused for `pause` seconds without trying again.
    """

    def __init__(self, conninfo: str, pause: float) -> None:
        self._conninfo = make_conninfo(
            conninfo,
            connect_timeout=SECONDS_TO_CONNECT,
            tcp_user_timeout=MILLISECONDS_UNACKNOWLEDGED,
            application_name="casefile keyring",
        )
        self._pause = pause
        self._down_until = 0.0
        self._idle: list[Connection] = []
        self._closing = Lock()

    def run(self, work: Callable[[Connection], Work]) -> Work:
        try:
            return self._lend(self._idle.pop(), work)
        except IndexError:
            return self._run_anew(work)
        except (OperationalError, InterfaceError):
            self.close()
            return self._run_anew(work)

    def close(self) -> None:
        with self._closing:
            while self._idle:
                self._idle.pop().close()

    def connect(self) -> Connection:
        """A connection of the caller's own."""
        if monotonic() < self._down_until:
            raise KeyringUnavailable()
        try:
            return Connection.connect(self._conninfo, autocommit=True)
        except OperationalError as error:
            self._down_until = monotonic() + self._pause
            raise KeyringUnavailable() from error

    def _run_anew(self, work: Callable[[Connection], Work]) -> Work:
        try:
            return self._lend(self.connect(), work)
        except (OperationalError, InterfaceError) as error:
            raise KeyringUnavailable() from error

    def _lend(self, connection: Connection, work: Callable[[Connection], Work]) -> Work:
        try:
            done = work(connection)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return done
