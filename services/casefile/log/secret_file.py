"""Files that hold secrets: readable by their owner only, replaced whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE

from services.casefile.log.keyring_errors import SecretFileUnsafe

OTHERS = 0o077


def read_secret(path: Path) -> bytes:
    """Read the file, unless anyone but its owner could have."""
    try:
        with path.open("rb") as file:
            if S_IMODE(os.fstat(file.fileno()).st_mode) & OTHERS:
                raise SecretFileUnsafe(path, f"Run `chmod 600 {path}`, and replace its keys.")
            return file.read()
    except OSError as error:
        raise SecretFileUnsafe(path, "Restore it from escrow; a new one opens nothing.") from error


def create_secret(path: Path, content: bytes) -> bool:
    """Write a file that is not there yet; of several at once, one wins and the others hear no."""
    draft = _draft(path, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return True


def replace_secret(path: Path, content: bytes) -> None:
    _draft(path, content).replace(path)
    _sync_folder(path.parent)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes that also mean to replace a secret in it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        flock(handle, LOCK_EX)
        yield
    finally:
        os.close(handle)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
