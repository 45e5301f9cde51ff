"""Strikes a process, or what it stands on, when it comes to a point for the n-th time."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg


class Striker:
    """Falls as by a power cut: this process, every backend of PostgreSQL, or the broker."""

    def __init__(self, told: dict[str, Any], tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._point, self._left = told["point"], told["nth"]
        self._victim, self._database = told["victim"], told["database"]
        self._broker = told.get("broker")

    def reached(self, point: str) -> None:
        if point != self._point:
            return
        self._left -= 1
        if self._left == 0:
            self._strike()

    def after(self, holder: Any, name: str, point: str) -> None:
        """From now on the function says that it was carried out."""
        inner = getattr(holder, name)
        setattr(holder, name, self.then(inner, point))

    def before(self, holder: Any, name: str, point: str) -> None:
        inner = getattr(holder, name)

        def told(*given: Any, **named: Any) -> Any:
            self.reached(point)
            return inner(*given, **named)

        setattr(holder, name, told)

    def then(self, inner: Callable[..., Any], point: str) -> Callable[..., Any]:
        def told(*given: Any, **named: Any) -> Any:
            found = inner(*given, **named)
            self.reached(point)
            return found

        return told

    def _strike(self) -> None:
        if self._victim == "postgres":
            crash(self._database)
        elif self._victim == "broker":
            os.kill(int(str(self._broker)), signal.SIGKILL)
        else:
            os.kill(os.getpid(), signal.SIGKILL)
        self._tell("struck")


def crash(database: str) -> None:
    """One killed backend makes PostgreSQL throw all of them out and recover; it has begun on return."""
    with psycopg.connect(database) as one, psycopg.connect(database) as other:
        os.kill(one.info.backend_pid, signal.SIGKILL)
        with suppress(psycopg.OperationalError):
            other.execute("SELECT pg_sleep(60)")
