"""A PostgreSQL server of our own: found, created, started, shared and stopped.

The composition module asks for it when no database address is given; nothing here knows the rest.
"""

from services.casefile.embedded.binaries import PgBinaries, find_pg_binaries
from services.casefile.embedded.provision import Provisioned, provision
from services.casefile.embedded.running import RunningPostgres
from services.casefile.embedded.supervisor import EmbeddedPostgres

__all__ = [
    "EmbeddedPostgres",
    "PgBinaries",
    "Provisioned",
    "RunningPostgres",
    "find_pg_binaries",
    "provision",
]
