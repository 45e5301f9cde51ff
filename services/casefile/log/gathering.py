"""How long a leader waits for the callers who are about to come back with their next item.

Without it two crowds take turns, each waiting out the other's flush; a lone caller never waits.
"""

from collections.abc import Sized
from threading import Lock

LONGEST = 0.002
LONGEST_REST = 63


class Gathering:
    """Expects as many callers as were there last time; rests longer each time they stay away."""

    def __init__(self, mutex: Lock, most: int, longest: float = LONGEST) -> None:
        self._mutex, self._most, self._longest = mutex, most, longest
        self._gate = Lock()
        self._gate.acquire()
        self._quorum = 0
        self._crowd = 1
        self._took = 0.0
        self._rest = self._next_rest = 0

    def expect(self, crowd: int, took: float) -> None:
        self._crowd, self._took = min(crowd, self._most), took

    def arrive(self, queue: Sized) -> None:
        """Called by every caller that joins, with the mutex held."""
        if self._quorum and len(queue) >= self._quorum:
            self._quorum = 0
            if self._gate.locked():
                self._gate.release()

    def wait(self, queue: Sized) -> None:
        """Never longer than the last write took: what a write costs is what waiting can save."""
        if len(queue) >= self._crowd:
            return
        if self._rest:
            self._rest -= 1
        elif missing := self._call(queue):
            self._gate.acquire(timeout=min(self._longest, self._took))
            self._judge(missing, self._dismiss(queue))

    def _call(self, queue: Sized) -> int:
        with self._mutex:
            missing = max(0, self._crowd - len(queue))
            self._quorum = self._crowd if missing else 0
            return missing

    def _dismiss(self, queue: Sized) -> int:
        with self._mutex:
            self._quorum = 0
            self._gate.acquire(blocking=False)
            return self._crowd - len(queue)

    def _judge(self, missing: int, still_missing: int) -> None:
        if still_missing * 2 <= missing:
            self._next_rest = 0
        else:
            self._rest = self._next_rest = min(self._next_rest * 2 + 1, LONGEST_REST)
