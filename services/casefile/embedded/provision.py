"""Makes the roles and the two databases Casefile lives in, and gives back their addresses."""

from dataclasses import dataclass, replace

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from services.casefile.embedded.passwords import Passwords
from services.casefile.embedded.running import RunningPostgres

OWNER = "casefile_owner"
APP = "casefile_app"
LOG = "casefile"
KEYRING = "casefile_keyring"
# A service beside Casefile, with a database and a role that can reach nothing else.
GUEST = "notifications"

# One provisioner at a time; the number only has to be ours.
ADVISORY_LOCK = 4_206_911

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Addresses: what the services use, and what migrations use."""

    app: str
    owner: str
    keyring_app: str
    keyring_owner: str
    guest: str | None = None


def provision(running: RunningPostgres) -> Provisioned:
    """Make what is missing and set what has drifted; again is harmless."""
    with psycopg.connect(running.conninfo(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        for role in (OWNER, APP):
            _ensure_role(connection, role, Passwords(running.passfile).ensure(role))
        for database in (LOG, KEYRING):
            _ensure_database(connection, database)
        _ensure_guest(connection, Passwords(running.passfile).ensure(GUEST))
    for database in (LOG, KEYRING):
        _close_schema(running.conninfo(database=database))
    return replace(addresses(running, LOG, KEYRING), guest=running.conninfo(GUEST, GUEST))


def addresses(running: RunningPostgres, log: str, keyring: str) -> Provisioned:
    return Provisioned(
        app=running.conninfo(APP, log),
        owner=running.conninfo(OWNER, log),
        keyring_app=running.conninfo(APP, keyring),
        keyring_owner=running.conninfo(OWNER, keyring),
    )


def close_database(connection: Connection, database: str) -> None:
    """Leave it to its owner and let the application connect: no temporary tables, no schemas."""
    name = Identifier(database)
    connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, Identifier(APP)))


def _ensure_role(connection: Connection, role: str, password: str) -> None:
    name = Identifier(role)
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
        connection.execute(SQL("CREATE ROLE {}").format(name))
    # Hashed here, so that the server never sees the password and cannot write it down.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode())
    connection.execute(
        SQL(
            "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS "
            "PASSWORD {}"
        ).format(name, Literal(verifier.decode()))
    )


def _ensure_guest(connection: Connection, password: str) -> None:
    _ensure_role(connection, GUEST, password)
    name = Identifier(GUEST)
    if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", GUEST):
        connection.execute(SQL("CREATE DATABASE {} OWNER {}").format(name, name))
    connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))


def _ensure_database(connection: Connection, database: str) -> None:
    if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
        connection.execute(
            SQL("CREATE DATABASE {} OWNER {}").format(Identifier(database), Identifier(OWNER))
        )
    close_database(connection, database)


def _close_schema(superuser_conninfo: str) -> None:
    with psycopg.connect(superuser_conninfo) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def _exists(connection: Connection, question: str, name: str) -> bool:
    return connection.execute(question, [name]).fetchone() is not None
