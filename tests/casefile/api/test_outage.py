"""A database that is away: an honest 503 meanwhile, and service as before when it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier, Literal

from tests.casefile.api.calling import Caller, talk
from tests.servers import Database


@contextmanager
def away(database: Database, conninfo: str) -> Iterator[None]:
    """Nobody gets in, and whoever is in is thrown out."""
    name = str(conninfo_to_dict(conninfo)["dbname"])
    closed = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    thrown_out = SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
    with psycopg.connect(
        make_conninfo(database.admin, dbname="postgres"), autocommit=True
    ) as connection:
        connection.execute(closed.format(Identifier(name), SQL("false")))
        connection.execute(thrown_out.format(Literal(name)))
        try:
            yield
        finally:
            connection.execute(closed.format(Identifier(name), SQL("true")))


@pytest.mark.slow
def test_a_log_that_is_away_is_a_503_and_comes_back(
    teacher: Caller, database: Database, case_id: UUID
):
    with away(database, database.app):
        write = teacher.record(case_id, "talk", talk(), idempotency_key="k-1")
        read = teacher.get(f"/v1/cases/{case_id}")
        many = teacher.get("/v1/roster")
        ready = teacher.get("/readyz")

    again = teacher.record(case_id, "talk", talk(), idempotency_key="k-1")
    statuses = {answer.status_code for answer in (write, read, many, ready)}
    assert statuses == {503}
    assert all("retry-after" in answer.headers for answer in (write, read, many, ready))
    assert ready.json()["checks"]["log"] == "log-unavailable"
    assert again.status_code == 201
    assert teacher.history(case_id)["total"] == 2


def test_a_keyring_that_is_away_withholds_and_refuses_to_seal(
    teacher: Caller, database: Database, case_id: UUID
):
    with away(database, database.keyring_app):
        opening = teacher.post(
            "/v1/cases",
            {
                "occurred_on": "2026-11-19",
                "name": "禾苗丁",
                "sex": "male",
                "birth_date": "2016-01-01",
                "population": "left_behind",
                "school": "school-1",
            },
        )

    assert (opening.status_code, opening.json()["code"]) == (503, "keyring-unavailable")
    assert teacher.record(case_id, "talk", talk(note="很好")).status_code == 201
