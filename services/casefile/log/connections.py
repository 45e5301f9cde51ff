"""How the log reaches PostgreSQL: one connection that appends, a small pool that reads."""

from typing import Any

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow, dict_row, tuple_row
from psycopg.types.numeric import Int8BinaryDumper
from psycopg_pool import ConnectionPool

# A silent peer is noticed in about half a minute instead of two hours.
LIVENESS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}

APPENDER_SETTINGS = {
    "lock_timeout": "10s",
    "statement_timeout": "20s",
    "timezone": "UTC",
    "default_transaction_isolation": "read committed",
}

READER_SETTINGS = {"timezone": "UTC", "idle_in_transaction_session_timeout": "5s"}


class LogDatastore(PostgresDatastore):
    """The library's datastore over a plain conninfo, so that sslmode and the like survive."""

    def __init__(self, conninfo: str, *, pool_size: int = 8) -> None:
        super().__init__("", "", "", "", "", schema="casefile")
        self.conninfo = conninfo
        self.pool = ConnectionPool(  # type: ignore[assignment]
            _with_defaults(conninfo, "casefile-read"),
            kwargs={"row_factory": dict_row, "autocommit": True},
            configure=_configure_reader,
            min_size=1,
            max_size=pool_size,
            timeout=5.0,
            open=False,
        )

    def register_type_adapters(self) -> None:
        """Nothing to register: our statements take plain arrays, and building asks no server."""


def connect_appender(conninfo: str) -> Connection[TupleRow]:
    connection = psycopg.connect(
        _with_defaults(conninfo, "casefile-append"), autocommit=True, row_factory=tuple_row
    )
    # Every int as int8: one prepared statement whatever the size of the numbers.
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    _set(connection, APPENDER_SETTINGS)
    return connection


def connect_hinter(conninfo: str) -> Connection[TupleRow]:
    """For NOTIFY and LISTEN only: what is lost here costs latency, never an event."""
    connection = psycopg.connect(
        _with_defaults(conninfo, "casefile-wake"), autocommit=True, row_factory=tuple_row
    )
    _set(connection, {"synchronous_commit": "off", "statement_timeout": "5s"})
    return connection


def conninfo_of(datastore: PostgresDatastore) -> str:
    if isinstance(datastore, LogDatastore):
        return datastore.conninfo
    names = ("dbname", "host", "port", "user", "password")
    kwargs: dict[str, Any] = datastore.pool.kwargs  # type: ignore[assignment]
    return make_conninfo(**{name: kwargs[name] for name in names if kwargs.get(name)})


def _with_defaults(conninfo: str, application_name: str) -> str:
    given = conninfo_to_dict(conninfo)
    return make_conninfo(**{**LIVENESS, "application_name": application_name, **given})


def _configure_reader(connection: Connection[Any]) -> None:
    _set(connection, READER_SETTINGS)


def _set(connection: Connection[Any], settings: dict[str, str]) -> None:
    calls = ", ".join(["set_config(%s, %s, false)"] * len(settings))
    connection.execute(
        f"SELECT {calls}".encode(), [each for pair in settings.items() for each in pair]
    )
