"""Connections to the service's own database: one schema, one way to open them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[tuple[Any, ...]]
Pool = ConnectionPool[Connection]

# The queue's own functions name its tables without a schema.
OPTIONS = "-c search_path=notifications,public"
TIMEOUTS = {"connect_timeout": "10", "keepalives_idle": "30", "tcp_user_timeout": "30000"}


def addressed(conninfo: str, name: str = "notifications") -> str:
    """What every connection of this service is opened with."""
    return make_conninfo(conninfo, options=OPTIONS, application_name=name, **TIMEOUTS)


def connect(conninfo: str, name: str = "notifications") -> Connection:
    return psycopg.connect(addressed(conninfo, name), autocommit=True)


@contextmanager
def open_pool(conninfo: str, size: int = 4, name: str = "notifications") -> Iterator[Pool]:
    with ConnectionPool(
        addressed(conninfo, name),
        min_size=1,
        max_size=size,
        kwargs={"autocommit": True},
        check=ConnectionPool.check_connection,
    ) as pool:
        yield pool
