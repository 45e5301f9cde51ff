"""Tells all who wait that the log has grown. One thread asks the log; nobody who waits holds one."""

import asyncio
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import NamedTuple

import psycopg

from services.casefile.log.errors import LogUnavailable
from services.casefile.log.recorder import CasefileRecorder

POLL = 0.25
# Rings come as fast as commits do; whoever waits is told this often at most.
LEAST = 0.02
NEVER = Event()


class Waiter(NamedTuple):
    """Somebody who has read the log up to a position."""

    position: int
    loop: asyncio.AbstractEventLoop
    told: asyncio.Event


class Herald:
    def __init__(self, recorder: CasefileRecorder) -> None:
        self._recorder = recorder
        self._lock = Lock()
        self._waiters: set[Waiter] = set()
        self._is_watching = False

    async def beyond(self, position: int, seconds: float) -> None:
        """Return when the log has gone beyond a position, or when the time is up."""
        waiter = Waiter(position, asyncio.get_running_loop(), asyncio.Event())
        self._add(waiter)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(waiter.told.wait(), seconds)
        finally:
            with self._lock:
                self._waiters.discard(waiter)

    def _add(self, waiter: Waiter) -> None:
        with self._lock:
            self._waiters.add(waiter)
            if not self._is_watching:
                self._is_watching = True
                Thread(target=self._watch, name="Herald", daemon=True).start()

    def _watch(self) -> None:
        """As long as anybody waits."""
        while waiters := self._waiting():
            seen = self._recorder.waker.mark()
            with suppress(LogUnavailable, psycopg.Error):
                tell(waiters, self._recorder.head())
            NEVER.wait(LEAST)
            self._recorder.waker.wait(POLL, since=seen)

    def _waiting(self) -> list[Waiter]:
        with self._lock:
            self._is_watching = bool(self._waiters)
            return list(self._waiters)


def tell(waiters: list[Waiter], head: int) -> None:
    for waiter in waiters:
        if head > waiter.position:
            with suppress(RuntimeError):  # its loop has ended
                waiter.loop.call_soon_threadsafe(waiter.told.set)
