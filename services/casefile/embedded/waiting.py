"""Waiting for another process, with a deadline."""

import time
from collections.abc import Callable

PAUSE = 0.005


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True
