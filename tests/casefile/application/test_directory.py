"""Names of staff: sealed beside the log, shown by id, gone when forgotten."""

import psycopg

from services.casefile.composition import Parts
from services.casefile.domain.stream_ids import staff_stream
from tests.servers import Database


def test_a_name_is_shown_by_staff_id(casefile: Parts) -> None:
    casefile.directory.set_name("t-101", "云朵老师")
    casefile.directory.set_name("t-101", "星河老师")

    assert casefile.directory.name_of("t-101") == "星河老师"
    assert casefile.directory.name_of("t-102") is None


def test_a_name_is_never_stored_in_the_clear(casefile: Parts, database: Database) -> None:
    casefile.directory.set_name("t-101", "云朵老师")

    with psycopg.connect(database.owner) as connection:
        rows = connection.execute("SELECT name_sealed FROM casefile.staff_directory").fetchall()

    assert len(rows) == 1
    assert "云朵".encode() not in bytes(rows[0][0])


def test_a_forgotten_name_is_gone_and_may_come_back(casefile: Parts) -> None:
    casefile.directory.set_name("t-101", "云朵老师")

    casefile.directory.forget("t-101")
    casefile.directory.forget("t-101")

    assert casefile.directory.name_of("t-101") is None


def test_a_name_whose_key_is_erased_is_not_shown(casefile: Parts) -> None:
    casefile.directory.set_name("t-101", "云朵老师")

    casefile.keyring.destroy(staff_stream("t-101"))

    assert casefile.directory.name_of("t-101") is None


def test_a_name_moved_to_another_id_is_not_shown(casefile: Parts, database: Database) -> None:
    casefile.directory.set_name("t-101", "云朵老师")
    casefile.directory.set_name("t-102", "星河老师")

    with psycopg.connect(database.owner) as connection:
        connection.execute(
            "UPDATE casefile.staff_directory SET name_sealed = other.name_sealed "
            "FROM casefile.staff_directory other "
            "WHERE staff_directory.staff = 't-101' AND other.staff = 't-102'"
        )

    assert casefile.directory.name_of("t-101") is None
