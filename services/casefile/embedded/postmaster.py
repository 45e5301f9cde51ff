"""Whether a server really runs in a cluster: asked at its socket and of the kernel.

Its pid file alone is never believed, for the number in it may be anybody's by now.
"""

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
    status: str

    def is_ready(self) -> bool:
        # Its own word first: a server that is asked too early writes a complaint into its log.
        return self.status == "ready" and self.answer() == Ping.OK

    def answer(self) -> Ping:
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
    if serves(said.pid, cluster) or (said.socket_dir and said.answer() != Ping.NO_RESPONSE):
        return said
    return None


def read_pid_file(path: Path) -> Postmaster | None:
    """Its lines: process, folder, start time, port, socket folder, host, memory key, status."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        pid, port = int(lines[0]), int(lines[3])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    socket_dir, host, _, status = (*lines[4:8], "", "", "", "")[:4]
    return Postmaster(pid, port, socket_dir, bool(host), status)


def serves(pid: int, cluster: Path) -> bool:
    """Whether this process is a PostgreSQL process of this cluster; a zombie no longer is."""
    if not PROC.exists():
        return _command(pid).startswith("postgres")
    process = PROC / str(pid)
    try:
        return (process / "cwd").samefile(cluster) and _is_postgres(process)
    except OSError:
        return False


def servers_of(cluster: Path) -> Iterator[int]:
    for entry in PROC.glob("[0-9]*"):
        if serves(int(entry.name), cluster):
            yield int(entry.name)


def _is_postgres(process: Path) -> bool:
    # A dying process loses its program before the shared memory, and its folder after it.
    try:
        return (process / "exe").readlink().name.startswith("postgres")
    except FileNotFoundError:
        return True


def _command(pid: int) -> str:
    told = subprocess.run(
        ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return Path(told.stdout.strip()).name
