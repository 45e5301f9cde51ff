"""A server that answers, and how to address it."""

from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True)
class RunningPostgres:
    pid: int
    socket_dir: Path
    port: int
    passfile: Path
    tcp: bool

    def conninfo(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        """The address over the unix socket; the password stays in the password file."""
        return self._address(str(self.socket_dir), role, database)

    def tcp_conninfo(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        return self._address("127.0.0.1", role, database)

    def _address(self, host: str, role: str, database: str) -> str:
        return make_conninfo(
            host=host, port=self.port, user=role, dbname=database, passfile=str(self.passfile)
        )
