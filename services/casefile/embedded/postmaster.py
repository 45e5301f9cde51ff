"""Whether a server really runs in a cluster: asked at its socket and of the kernel.

Its pid file alone is never believed, for the number in it may be anybody's by now.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Postmaster:
    pid: int
    port: int
    socket_dir: str
    tcp: bool

    def answer(self) -> Ping:
        if not self.socket_dir:
            return Ping.NO_RESPONSE
        address = make_conninfo(
            host=self.socket_dir,
            port=self.port,
            user="postgres",
            dbname="postgres",
            connect_timeout=2,
        )
        return Ping(PGconn.ping(address.encode()))


def find_postmaster(cluster: Path) -> Postmaster | None:
    """The server of this cluster, ready or not, or None when the pid file is missing or lies."""
    said = read_pid_file(cluster / "postmaster.pid")
    if said is None:
        return None
    if said.answer() != Ping.NO_RESPONSE or serves(said.pid, cluster):
        return said
    return None


def read_pid_file(path: Path) -> Postmaster | None:
    try:
        lines = path.read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    socket_dir, host = (*lines[4:6], "", "")[:2]
    return Postmaster(pid, port, socket_dir.strip(), tcp=bool(host.strip()))


def serves(pid: int, cluster: Path) -> bool:
    """Whether this process is a living PostgreSQL process of this cluster (a zombie is not)."""
    if not PROC.exists():
        return _command(pid).startswith("postgres")
    try:
        program = os.readlink(PROC / str(pid) / "exe")
        return Path(program).name.startswith("postgres") and (PROC / str(pid) / "cwd").samefile(
            cluster
        )
    except OSError:
        return False


def servers_of(cluster: Path) -> Iterator[int]:
    for entry in PROC.glob("[0-9]*"):
        if serves(int(entry.name), cluster):
            yield int(entry.name)


def _command(pid: int) -> str:
    told = subprocess.run(
        ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return Path(told.stdout.strip()).name
