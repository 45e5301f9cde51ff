"""Random bytes for nonces and ids, asked of the system by the page.

Every call to the system lets go of the interpreter's lock; one for each nonce would make sixteen
threads queue for it again and again. A forked process never sees bytes of its parent's page.
"""

import os
from collections import deque

PAGE = 340


class RandomBytes:
    """Gives out pieces of one length, each once."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._pieces: deque[bytes] = deque()
        self._owner = 0

    def take(self) -> bytes:
        if self._owner != os.getpid():
            self._pieces.clear()
            self._owner = os.getpid()
        try:
            return self._pieces.popleft()
        except IndexError:
            return self._fetched()

    def _fetched(self) -> bytes:
        length, page = self._length, os.urandom(self._length * PAGE)
        first, *rest = (page[i : i + length] for i in range(0, len(page), length))
        self._pieces.extend(rest)
        return first
