"""One active follower per edition: an advisory lock on a session that must keep speaking.

The server itself ends the session of a process that fell silent, and the lock with it. That the
silent one does no harm when it wakes is not the lock's doing but the epoch's.
"""

import zlib
from threading import Event, Thread
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from services.casefile.following.edition import Edition

OURS = 0x666F6C6C
NAME = "casefile-lease"
TAKE = b"SELECT pg_try_advisory_lock(%s, %s)"
GIVE_BACK = b"SELECT pg_advisory_unlock(%s, %s)"


class Lease:
    """All editions this process follows; lost together when the session is."""

    def __init__(self, conninfo: str, seconds: float) -> None:
        self._connection = session(conninfo, NAME, {"idle_session_timeout": f"{seconds}s"})
        self._taken: set[Edition] = set()
        self._ended = Event()
        self._beat = Thread(target=self._keep, args=(seconds / 3,), name="Lease", daemon=True)
        self._beat.start()

    def take(self, edition: Edition) -> bool:
        """Whether the edition is ours to follow."""
        if edition not in self._taken and self._ask(TAKE, edition):
            self._taken.add(edition)
        return edition in self._taken

    def give_back(self, edition: Edition) -> None:
        if edition in self._taken:
            self._taken.discard(edition)
            self._ask(GIVE_BACK, edition)

    @property
    def is_lost(self) -> bool:
        return self._connection.closed

    def close(self) -> None:
        self._ended.set()
        self._beat.join()
        self._connection.close()

    def _ask(self, question: bytes, edition: Edition) -> bool:
        row = self._connection.execute(question, [OURS, number_of(edition)]).fetchone()
        return bool(row and row[0])

    def _keep(self, pause: float) -> None:
        while not self._ended.wait(pause):
            try:
                self._connection.execute(b"SELECT")
            except psycopg.Error:
                self._connection.close()
                return


def number_of(edition: Edition) -> int:
    """The edition as the signed 32 bits that an advisory lock is named by."""
    return zlib.crc32(str(edition).encode()) - (1 << 31)


def session(conninfo: str, name: str, settings: dict[str, str]) -> Connection[tuple[Any, ...]]:
    """A connection of one's own, in UTC, with these settings."""
    address = make_conninfo(conninfo, application_name=name, connect_timeout=5)
    connection = psycopg.connect(address, autocommit=True)
    for setting, value in ({"timezone": "UTC"} | settings).items():
        connection.execute(b"SELECT set_config(%s, %s, false)", [setting, value])
    return connection
