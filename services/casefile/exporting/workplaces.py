"""A private folder to make a file in, locked while its maker lives; what dead makers left is removed."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp
from typing import BinaryIO

PREFIX = ".casefile-work-"
LOCK = "lock"
CHUNK = 64 * 1024


@contextmanager
def workplace(beside: Path | None = None) -> Iterator[Path]:
    """A folder of one's own, in the temporary directory if not told otherwise; gone at the end."""
    place = beside or Path(gettempdir())
    sweep(place)
    folder, lock = claimed(place)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep(place: Path | None = None) -> None:
    """Remove the folders whose maker is dead: the kernel has dropped its lock."""
    for folder in (place or Path(gettempdir())).glob(f"{PREFIX}*"):
        with suppress(OSError):
            remove_abandoned(folder)


def claimed(place: Path) -> tuple[Path, int]:
    """A sweeper can come between making a folder and locking it; then another one is made."""
    while True:
        folder = Path(mkdtemp(prefix=PREFIX, dir=place))
        with suppress(FileNotFoundError, BlockingIOError):
            return folder, locked(folder)


def remove_abandoned(folder: Path) -> None:
    """A maker that lives holds the lock, and it is skipped."""
    if folder.lstat().st_uid != os.geteuid():
        return
    lock = locked(folder)
    try:
        rmtree(folder)
    finally:
        os.close(lock)


def locked(folder: Path) -> int:
    """Its lock, made if missing; BlockingIOError if held, FileNotFoundError if swept meanwhile."""
    inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        lock = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600, dir_fd=inside)
    finally:
        os.close(inside)
    try:
        flock(lock, LOCK_EX | LOCK_NB)
        # Whoever held it before may have removed it, and then this lock guards nothing.
        if not os.path.samestat(os.fstat(lock), (folder / LOCK).lstat()):
            raise FileNotFoundError
    except BaseException:
        os.close(lock)
        raise
    return lock


def private(path: str, flags: int) -> int:
    """For `open`: a file that nobody else may read, also where one lay before."""
    made = os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR)
    if stat.S_ISREG(os.fstat(made).st_mode):
        os.fchmod(made, stat.S_IRUSR | stat.S_IWUSR)
    return made


def in_pieces(file: BinaryIO) -> Iterator[bytes]:
    """What is read from an open file, whose name may be gone already."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
