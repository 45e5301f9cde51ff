"""Keeps the processes of one machine running, and takes them all down together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

import structlog

GRACE = 12.0
PAUSE = 0.2
PR_SET_PDEATHSIG = 1
OURS = "services.casefile"

log = structlog.get_logger()


@dataclass
class Child:
    """One process of ours and the command that starts it."""

    name: str
    arguments: Sequence[str]
    service: str = OURS
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0


class Children:
    """Starts the processes, starts again what dies, and stops them when told to."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._children: list[Child] = []
        self._stopping = False

    def add(self, name: str, *arguments: str, service: str = OURS) -> None:
        child = Child(name, arguments, service)
        self._children.append(child)
        self._start(child)

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Watch until a signal comes, or until the condition holds."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        while not self._stopping and not until():
            self.tend()
            time.sleep(PAUSE)

    def tend(self) -> None:
        """Start again what has ended, ever more slowly while it keeps failing."""
        for child in self._children:
            if child.process is None or child.process.poll() is None:
                continue
            lived = time.monotonic() - child.started
            child.failures = 0 if lived > 60 else child.failures + 1
            if lived >= min(30.0, 0.5 * 2**child.failures):
                log.warning("process_restarted", process=child.name, exit=child.process.returncode)
                self._start(child)

    def stop(self) -> None:
        """Ask all to end, wait, and end those that do not."""
        running = [c.process for c in self._children if c.process and c.process.poll() is None]
        for process in reversed(running):
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def is_alive(self, name: str) -> bool:
        child = next(c for c in self._children if c.name == name)
        return child.process is not None and child.process.poll() is None

    def _start(self, child: Child) -> None:
        command = [sys.executable, "-m", child.service, *child.arguments]
        child.process = subprocess.Popen(
            command,
            env=self._environment,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509
        )
        child.started = time.monotonic()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def _end_with_parent() -> None:
    """On Linux a killed supervisor takes its processes along."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def inherited_environment(**more: str) -> dict[str, str]:
    return {**os.environ, **more}
