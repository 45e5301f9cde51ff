"""The PostgreSQL the suite runs on: chosen, started, migrated once, and cloned for every test."""

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from services.casefile.embedded import (
    EmbeddedPostgres,
    PgBinaries,
    RunningPostgres,
    find_pg_binaries,
    provision,
)
from services.casefile.embedded.binaries import system_folders, wheel_folders
from services.casefile.embedded.errors import PostgresBinariesMissing
from services.casefile.embedded.provision import KEYRING, LOG, OWNER, addresses, close_database

# Only a test may run without flushing: its data dies with it.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Database:
    """Addresses of one test's own pair of databases; `admin` is the superuser's, to do harm."""

    app: str
    owner: str
    keyring_app: str
    keyring_owner: str
    admin: str


def chosen_binaries(choice: str) -> PgBinaries:
    """`embedded`, `debian` or a folder; never another one than was asked for."""
    match choice:
        case "embedded":
            return _first_of(wheel_folders())
        case "debian":
            return _first_of(system_folders())
        case folder:
            return find_pg_binaries(Path(folder))


def _first_of(folders: Iterable[Path]) -> PgBinaries:
    searched = list(folders)
    for found in map(PgBinaries, searched):
        if found.are_complete():
            return found
    raise PostgresBinariesMissing(searched)


@contextmanager
def server(data_dir: Path, binaries: PgBinaries, *, tcp: bool = False) -> Iterator[RunningPostgres]:
    embedded = EmbeddedPostgres(data_dir, binaries, settings=SETTINGS, tcp=tcp)
    running = embedded.start()
    watchdog = _stopped_with_us(running.pid)
    try:
        yield running
    finally:
        watchdog.kill()
        watchdog.communicate()
        embedded.stop("immediate")


def _stopped_with_us(pid: int) -> subprocess.Popen[bytes]:
    # A killed test run closes the pipe, and no server is left on the developer's machine.
    script = "read -r _; kill -QUIT $0"
    return subprocess.Popen(
        ["sh", "-c", script, str(pid)], stdin=subprocess.PIPE, start_new_session=True
    )


class Template:
    """Both databases migrated to head, and the clones made of them."""

    def __init__(self, running: RunningPostgres, connection: Connection) -> None:
        self._running = running
        self._connection = connection
        self._numbers = count(1)

    @contextmanager
    def clone(self) -> Iterator[Database]:
        number = next(self._numbers)
        log, keyring = f"test_{number}", f"test_{number}_keyring"
        for name, source in ((log, LOG), (keyring, KEYRING)):
            self._create(name, source)
        try:
            yield self._addressed(log, keyring)
        finally:
            for name in (log, keyring):
                self._drop(name)

    def _addressed(self, log: str, keyring: str) -> Database:
        known = addresses(self._running, log, keyring)
        return Database(
            app=known.app,
            owner=known.owner,
            keyring_app=known.keyring_app,
            keyring_owner=known.keyring_owner,
            admin=self._running.conninfo(database=log),
        )

    def _create(self, name: str, source: str) -> None:
        statement = SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        names = map(Identifier, (name, OWNER, source))
        self._connection.execute(statement.format(*names))
        # A clone inherits everything but who may connect.
        close_database(self._connection, name)

    def _drop(self, name: str) -> None:
        self._connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def migrated(running: RunningPostgres) -> Iterator[Template]:
    from services.casefile.log.migrations import migrate, migrate_keyring

    owned = provision(running)
    migrate(owned.owner)
    migrate_keyring(owned.keyring_owner)
    with psycopg.connect(running.conninfo(), autocommit=True) as connection:
        yield Template(running, connection)
