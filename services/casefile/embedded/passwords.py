"""The generated passwords, in libpq's own password file, so that no address carries one."""

import os
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe


@dataclass(frozen=True, slots=True)
class Passwords:
    path: Path

    def of(self, role: str) -> str | None:
        return self._read().get(role)

    def ensure(self, role: str) -> str:
        known = self._read()
        if role not in known:
            known[role] = token_urlsafe(24)
            self._write(known)
        return known[role]

    def _read(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        rows = [line.split(":") for line in self.path.read_text().splitlines()]
        return {role: password for *_, role, password in rows}

    def _write(self, known: dict[str, str]) -> None:
        lines = [f"*:*:*:{role}:{password}\n" for role, password in known.items()]
        write_private(self.path, "".join(lines))


def write_private(path: Path, text: str) -> None:
    """Write it whole or not at all, for the owner's eyes only, and on the disk before we go on."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
