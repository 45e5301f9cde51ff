"""Ends a process that is stuck: a thread that waits inside the client cannot be freed otherwise."""

import os
from collections.abc import Callable
from threading import Event, Thread

import structlog

STUCK = 70
TICK, MOST_TICKS = 5.0, 12

log = structlog.get_logger(__name__)


def leave() -> None:
    os._exit(STUCK)


class Watchdog:
    """Counts its own ticks and not the hours: a machine that slept was not stuck."""

    def __init__(self, tick: float = TICK, end: Callable[[], None] = leave) -> None:
        self._tick, self._end = tick, end
        self._ticks = 0
        self._closed = Event()
        self._thread = Thread(target=self._watch, name="Watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def beat(self) -> None:
        """Say that the work goes on."""
        self._ticks = 0

    def close(self) -> None:
        self._closed.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._closed.wait(self._tick):
            self._ticks += 1
            if self._ticks > MOST_TICKS:
                log.error("relay_is_stuck", seconds=round(self._ticks * self._tick))
                self._end()
                return
