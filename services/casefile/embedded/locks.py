"""Who uses the server: a shared `flock` per user process, which the kernel drops with its owner."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class Use:
    """One user's share of the server. Taken and given back inside a turn."""

    descriptor: int

    def is_the_last(self) -> bool:
        # Converting a flock is not atomic; the turn keeps newcomers out meanwhile.
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def give_back(self) -> None:
        # Unlocked before closing: a child being forked right now may hold a copy.
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)
        os.close(self.descriptor)


def use(path: Path) -> Use:
    descriptor = _opened(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return Use(descriptor)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
