"""As whom PostgreSQL runs. It refuses root, so root borrows another number for it.

Inside a user namespace root's own files stay root's; where that is not allowed, a real user runs it.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import IO

from services.casefile.embedded.errors import DataDirOfAnotherUser, FolderOutOfReach

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Identity:
    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, argv: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.prefix, *argv],
            user=self.uid,
            group=self.gid,
            extra_groups=self._groups(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=_environment(),
        )

    def spawn(self, argv: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, out of reach of the terminal's Ctrl-C."""
        return subprocess.Popen(
            [*self.prefix, *argv],
            user=self.uid,
            group=self.gid,
            extra_groups=self._groups(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            start_new_session=True,
        )

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reach(self, folder: Path) -> None:
        """Refuse a folder this user cannot enter; permissions are never loosened for it."""
        if self.uid is None:
            return
        for place in (folder, *folder.parents):
            if not _may_enter(place.stat(), self.uid, self.gid):
                raise FolderOutOfReach(pwd.getpwuid(self.uid).pw_name, place)

    def _groups(self) -> list[int] | None:
        return None if self.uid is None else []


def identity_for(root: Path, run_as: str | None) -> Identity:
    """The owner of the data folder decides; root's own folder is served from a user namespace."""
    owner = root.stat().st_uid
    if os.geteuid() != 0:
        if owner != os.geteuid():
            raise DataDirOfAnotherUser(root, owner)
        return Identity()
    if owner != 0:
        return _real(pwd.getpwuid(owner))
    borrowed = pwd.getpwnam(run_as or NOBODY)
    return _namespaced(borrowed) or _real(borrowed)


def _namespaced(borrowed: pwd.struct_passwd) -> Identity | None:
    # The number must have a name in the system's list, or initdb refuses it.
    program = which("unshare") or "unshare"
    ids = (f"--map-user={borrowed.pw_uid}", f"--map-group={borrowed.pw_gid}")
    identity = Identity(prefix=(program, "--user", *ids, "--"))
    try:
        return identity if identity.run(["true"]).returncode == 0 else None
    except FileNotFoundError:
        return None


def _real(user: pwd.struct_passwd) -> Identity:
    return Identity(uid=user.pw_uid, gid=user.pw_gid)


def _may_enter(facts: os.stat_result, uid: int, gid: int | None) -> bool:
    if facts.st_uid == uid:
        return bool(facts.st_mode & 0o100)
    if facts.st_gid == gid:
        return bool(facts.st_mode & 0o010)
    return bool(facts.st_mode & 0o001)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}
