"""Where things lie inside the data folder, and where the server's socket may lie."""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from services.casefile.embedded.errors import SocketFolderUnsafe

# A socket path may have 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 103


@dataclass(frozen=True, slots=True)
class Layout:
    root: Path

    @property
    def cluster(self) -> Path:
        return self.root / "pgdata"

    @property
    def unfinished(self) -> Path:
        return self.root / "pgdata.unfinished"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def passfile(self) -> Path:
        return self.root / "passwords"

    @property
    def turn(self) -> Path:
        return self.root / "turn.lock"

    @property
    def users(self) -> Path:
        return self.root / "users.lock"


def socket_folder(root: Path) -> Path:
    """The data folder itself, or a private short one when its path is too long for a socket."""
    if len(os.fsencode(root / ".s.PGSQL.65535")) <= LONGEST_SOCKET_PATH:
        return root
    return _private(_short(root), root.stat().st_uid)


def remove_socket_folder(root: Path) -> None:
    with suppress(OSError):
        _short(root).rmdir()


def _short(root: Path) -> Path:
    name = sha256(os.fsencode(root)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"casefile-{name}"


def _private(folder: Path, owner: int) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid == os.geteuid() != owner:
        os.chown(folder, owner, -1)
    facts = folder.lstat()
    if folder.is_symlink() or facts.st_uid != owner or facts.st_mode & 0o077:
        raise SocketFolderUnsafe(folder)
    return folder
