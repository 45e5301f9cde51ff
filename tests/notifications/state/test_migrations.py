"""The schema of the service's database, and who may use it."""

import psycopg
import pytest

from services.casefile.embedded import RunningPostgres
from services.notifications.state.connections import connect
from services.notifications.state.migrations import behind, migrate, offline_sql


def test_a_new_database_lacks_every_revision_and_a_migrated_one_none(
    postgres_server: RunningPostgres, notifications_database: str
) -> None:
    assert behind(postgres_server.conninfo(database="postgres"))[-1] == "0001"
    assert behind(notifications_database) == []


def test_migrating_again_changes_nothing(notifications_database: str) -> None:
    migrate(notifications_database)
    assert behind(notifications_database) == []


def test_the_application_s_role_reads_and_writes_but_changes_no_table(
    postgres_server: RunningPostgres, notifications_database: str
) -> None:
    with psycopg.connect(postgres_server.conninfo(), autocommit=True) as admin:
        admin.execute("CREATE ROLE teller LOGIN")
    try:
        migrate(notifications_database, "teller")
        with connect(notifications_database) as connection:
            connection.execute("SET ROLE teller")
            connection.execute("INSERT INTO notifications.people (staff) VALUES ('t-101')")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DROP TABLE notifications.people")
            connection.execute("RESET ROLE")
            connection.execute("DROP OWNED BY teller")
    finally:
        with psycopg.connect(postgres_server.conninfo(), autocommit=True) as admin:
            admin.execute("DROP ROLE IF EXISTS teller")


def test_the_script_for_administrators_needs_no_database() -> None:
    script = offline_sql()
    assert "CREATE TABLE notifications.notices" in script
    assert "CREATE TABLE procrastinate_jobs" in script
