"""Waits, within bounds, until the machine has nothing else to do: noise is not a result."""

import time
from pathlib import Path

LOOK = 0.25
BUSY = 0.15


def wait_for_quiet(patience: float) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and busy_share() > BUSY:
        continue


def busy_share() -> float:
    """How much of all processors the others used while we looked on."""
    idle, total = ticks()
    time.sleep(LOOK)
    idle_after, total_after = ticks()
    return 1 - (idle_after - idle) / max(1, total_after - total)


def ticks() -> tuple[int, int]:
    fields = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return fields[3] + fields[4], sum(fields[:8])
