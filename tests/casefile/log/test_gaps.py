"""Followers read plainly and miss nothing; the library's functions fail the same test."""

import psycopg
import pytest
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from tests.casefile.log.gaps import Ours, StockFunctions, run, stock_address
from tests.servers import Database

CONTROL_TRIES = 5


@pytest.mark.parametrize("events", [20_000, pytest.param(100_000, marks=pytest.mark.slow)], ids=str)
def test_a_follower_misses_nothing_and_sees_nothing_twice(database: Database, events: int) -> None:
    followed = run(Ours(), database.app, database.admin, events)

    assert len(followed.acked) >= events
    assert followed.missed == set()
    assert followed.is_in_order_and_once
    assert followed.seen == followed.stored


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="positions are not commit order")
def test_the_library_functions_miss_nothing(database: Database) -> None:
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA stock")
    make_stock_tables(database.owner)

    for _ in range(CONTROL_TRIES):
        followed = run(StockFunctions(), database.owner, database.admin, 4_000)
        assert followed.missed == set()


def make_stock_tables(owner: str) -> None:
    datastore = PostgresDatastore(**stock_address(owner), schema="stock", enable_db_functions=True)
    PostgresApplicationRecorder(datastore).create_table()
    datastore.close()
