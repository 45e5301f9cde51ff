"""Starts the server for its first user, lends it to the others, stops it after the last."""

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from types import TracebackType
from typing import Literal

from services.casefile.embedded.binaries import PgBinaries
from services.casefile.embedded.errors import ServerDidNotStart, ServerDidNotStop, ServerWithoutTcp
from services.casefile.embedded.launch import Launcher
from services.casefile.embedded.layout import Layout, remove_socket_folder
from services.casefile.embedded.locks import Use, turn, use
from services.casefile.embedded.postmaster import Postmaster, find_postmaster, serves
from services.casefile.embedded.running import RunningPostgres
from services.casefile.embedded.waiting import PAUSE, wait_until

Mode = Literal["smart", "fast", "immediate"]
SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}

# Recovery after a crash may replay much log before the server answers.
START_PATIENCE = 180.0
STOP_PATIENCE = 60.0


class EmbeddedPostgres:
    """One user of the server in `data_dir`. The server outlives every user but the last.

    Settings count when this user is the one that starts the server.
    """

    def __init__(
        self,
        data_dir: Path,
        binaries: PgBinaries,
        *,
        run_as: str | None = None,
        settings: Mapping[str, str] | None = None,
        tcp: bool = False,
    ) -> None:
        self._layout = Layout(data_dir.resolve())
        self._launcher = Launcher(self._layout, binaries, run_as, settings or {}, tcp)
        self._launched: Popen[bytes] | None = None
        self._use: Use | None = None

    def __enter__(self) -> RunningPostgres:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> RunningPostgres:
        """Attach to the server, starting it when it does not run. Again is harmless."""
        self._layout.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with turn(self._layout.turn):
            self._use = self._use or use(self._layout.users)
            try:
                return self._addressed(self._until_ready())
            except BaseException:
                self._leave("fast")
                raise

    def stop(self, mode: Mode = "fast") -> None:
        """Give up the server; the last user stops it. Again is harmless."""
        if self._use is not None:
            with turn(self._layout.turn):
                self._leave(mode)

    def _until_ready(self) -> Postmaster:
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline:
            found = find_postmaster(self._layout.cluster)
            if found is None:
                self._launch_once()
            elif found.is_ready():
                self._launched = None
                return found
            time.sleep(PAUSE)
        raise ServerDidNotStart(self._layout.log, f"no answer within {START_PATIENCE:.0f} s")

    def _launch_once(self) -> None:
        if self._launched is None:
            self._launched = self._launcher.launch()
        elif self._launched.poll() is not None:
            raise ServerDidNotStart(self._layout.log, _last_words(self._layout.log))

    def _addressed(self, found: Postmaster) -> RunningPostgres:
        if self._launcher.tcp and not found.tcp:
            raise ServerWithoutTcp(self._layout.root)
        socket_dir = Path(found.socket_dir)
        return RunningPostgres(found.pid, socket_dir, found.port, self._layout.passfile, found.tcp)

    def _leave(self, mode: Mode) -> None:
        held, self._use = self._use, None
        if held is None:
            return
        try:
            if held.is_the_last():
                self._shut_down(mode)
        finally:
            held.give_back()
            self._launched = None

    def _shut_down(self, mode: Mode) -> None:
        pid = self._server()
        if pid is None:
            return
        for how, patience in ((mode, STOP_PATIENCE), ("immediate", STOP_PATIENCE / 4)):
            with suppress(ProcessLookupError):
                os.kill(pid, SIGNALS[how])
            if wait_until(lambda: not self._lives(pid), patience):
                remove_socket_folder(self._layout.root)
                return
        raise ServerDidNotStop(self._layout.log, pid)

    def _server(self) -> int | None:
        """The process to stop: never one that is not surely a server of this cluster."""
        found = find_postmaster(self._layout.cluster)
        if found and serves(found.pid, self._layout.cluster):
            return found.pid
        return self._launched.pid if self._launched and self._is_starting() else None

    def _lives(self, pid: int) -> bool:
        return self._is_starting() or serves(pid, self._layout.cluster)

    def _is_starting(self) -> bool:
        return self._launched is not None and self._launched.poll() is None


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-5:] or ["it wrote no reason"]
    return next((line for line in lines if "FATAL" in line), lines[-1])
