"""Clears what a killed server left behind, so that the next one can start."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from services.casefile.embedded.postmaster import PROC, servers_of
from services.casefile.embedded.waiting import wait_until

PATIENCE = 10.0


def clear_remains(cluster: Path, socket_lock: Path) -> None:
    """Called when no server answers: end its orphans, then drop lock files that name a stranger."""
    if not PROC.exists():
        return
    for orphan in servers_of(cluster):
        with suppress(ProcessLookupError):
            os.kill(orphan, signal.SIGQUIT)
    wait_until(lambda: not any(servers_of(cluster)), PATIENCE)
    for lock in (cluster / "postmaster.pid", socket_lock):
        if _names_a_stranger(lock):
            lock.unlink()


def _names_a_stranger(lock: Path) -> bool:
    # PostgreSQL itself replaces a lock of a process that is gone, with more checks than ours.
    try:
        os.kill(int(lock.read_text().splitlines()[0]), 0)
    except (OSError, ValueError, IndexError):
        return False
    return True
