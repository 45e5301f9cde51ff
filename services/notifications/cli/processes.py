"""Keeps the service's processes running on one machine, and takes them all down together."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

import structlog

GRACE_SECONDS = 10.0
PAUSE_SECONDS = 0.2
LONGEST_BACKOFF = 30.0
PR_SET_PDEATHSIG = 1

log = structlog.get_logger(__name__)


@dataclass
class Running:
    """One process, and how often it has failed of late."""

    name: str
    process: subprocess.Popen[bytes]
    started: float
    failures: int = 0

    @property
    def may_start_again(self) -> bool:
        lived = time.monotonic() - self.started
        return lived >= min(LONGEST_BACKOFF, 0.5 * float(2**self.failures))


def keep_running(names: Sequence[str], stop: Event) -> None:
    """Each name is a command of this service; what dies is started again, ever more slowly."""
    running = [_started(name) for name in names]
    try:
        while not stop.wait(PAUSE_SECONDS):
            running = [_tended(each) for each in running]
    finally:
        _stop([each.process for each in running])


def _tended(each: Running) -> Running:
    if each.process.poll() is None or not each.may_start_again:
        return each
    log.warning("process_restarted", process=each.name, code=each.process.returncode)
    lived_long = time.monotonic() - each.started > 60
    return _started(each.name, 0 if lived_long else each.failures + 1)


def _started(name: str, failures: int = 0) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-m", "services.notifications", name],
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509
    )
    return Running(name, process, time.monotonic(), failures)


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_parent() -> None:
    """On Linux a killed supervisor takes its processes along."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
