"""The services of compose.yaml as processes: their commands and settings, on addresses of this machine."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.stack import DEPLOY, ROOT, ours, secrets_of, settings_of

PATIENCE = 60
PR_SET_PDEATHSIG = 1
MODULES = {"casefile": "services.casefile", "notifications": "services.notifications"}
LIBC = ctypes.CDLL(None)


@dataclass
class Stack:
    """`places`: what stands here for a name of the compose file; `secrets`: the file of them."""

    folder: Path
    places: dict[str, str]
    secrets: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # The working folder of the image, with what is copied into it.
        topics = self.folder / "app" / "deploy" / "kafka"
        topics.mkdir(parents=True)
        shutil.copy(DEPLOY / "kafka" / "topics.yaml", topics)

    def run(self, name: str) -> str:
        """A job, to its end."""
        done = subprocess.run(
            self._command(name),
            **self._how(name),
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{name}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, names: Iterable[str]) -> None:
        for name in names:
            with self.log(name).open("ab") as log:
                self.running[name] = subprocess.Popen(
                    self._command(name),
                    **self._how(name),
                    stdout=log,
                    stderr=log,
                    preexec_fn=_end_with_parent,  # noqa: PLW1509
                )

    def stop(self) -> dict[str, int]:
        """As compose does: a signal first. How each of them ended."""
        self.end()
        try:
            ended = {name: each.wait(PATIENCE) for name, each in self.running.items()}
        finally:
            self.kill()
        return ended

    def end(self) -> None:
        """Tells them to end, once; whether they do is for `stop` to see."""
        for name, process in self.running.items():
            if name not in self.told:
                process.send_signal(signal.SIGTERM)
        self.told = set(self.running)

    def kill(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()
        self.running.clear()
        self.told.clear()

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def said(self) -> str:
        """The last lines of every process, for whoever looks for what went wrong."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {log.stem}\n{log.read_text()[-1500:]}" for log in logs)

    def settings(self, name: str) -> dict[str, str]:
        service = ours()[name]
        given = settings_of(service, self.variables)
        return {variable: self._here(value) for variable, value in given.items()} | self.more

    def _command(self, name: str) -> list[str]:
        program, *words = ours()[name]["command"]
        return [sys.executable, "-m", MODULES[program], *words]

    def _how(self, name: str) -> dict[str, object]:
        self._hand_in(name)
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        return {"cwd": self.folder / "app", "env": environment | self.settings(name)}

    def _hand_in(self, name: str) -> None:
        """The files of secrets, readable by their reader only."""
        folder = self.folder / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        for file, variable in secrets_of(ours()[name]).items():
            path = folder / file
            path.touch(0o600)
            path.write_text(self.secrets[variable])

    def _here(self, value: str) -> str:
        known = {
            "/run/secrets": str(self.folder / "secrets"),
            "/var/lib/casefile": str(self.folder / "state"),
            "0.0.0.0": "127.0.0.1",
        }
        for name, place in (known | self.places).items():
            if value == name or ("/" in name or ":" in name or "." in name):
                value = value.replace(name, place)
        return value


def _end_with_parent() -> None:
    """A killed test run leaves none of them behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
