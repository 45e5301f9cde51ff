"""What is committed stays: by privilege for the services, by trigger for the owner too."""

from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from services.casefile.log.commit import Commit
from services.casefile.log.recorder import CasefileRecorder
from tests.casefile.log.logs import event, one
from tests.servers import Database

INSERT = "INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state"
KEY = "stored_events_pkey"
EVENT = "('00000000-0000-7000-8000-000000000001', 1, 'Forged', '{}'"

BY_ANYONE = [
    "UPDATE casefile.stored_events SET state = 'x'",
    "UPDATE casefile.stored_events SET topic = 'x' WHERE false",
    "DELETE FROM casefile.stored_events",
    "TRUNCATE casefile.stored_events",
    f"{INSERT}) VALUES {EVENT}) ON CONFLICT ON CONSTRAINT {KEY} DO UPDATE SET state = 'x'",
    "MERGE INTO casefile.stored_events e USING (VALUES (1)) v ON true WHEN MATCHED THEN DELETE",
]

BY_SERVICES = [
    f"{INSERT}, recorded_at) VALUES {EVENT}, now())",
    f"{INSERT}, notification_id) VALUES {EVENT}, 7)",
    "SELECT * FROM casefile.stored_events FOR UPDATE",
    "SELECT setval('casefile.stored_events_notification_id_seq', 1)",
    "ALTER TABLE casefile.stored_events DISABLE TRIGGER ALL",
    "DROP TRIGGER stored_events_append_only ON casefile.stored_events",
    "DROP TABLE casefile.stored_events",
    "CREATE TABLE casefile.shadow ()",
    "CREATE TEMP TABLE stored_events ()",
    "SET session_replication_role = replica",
    "UPDATE casefile.command_log SET answer = 'x'",
    "DELETE FROM casefile.command_log",
    "TRUNCATE casefile.reservations",
    "UPDATE casefile.schema_revision SET version_num = 'x'",
]


@pytest.fixture(autouse=True)
def _one_event(recorder: CasefileRecorder) -> None:
    recorder.append(one(uuid4()))


def allowed(conninfo: str, statements: list[str], preparation: str = "SELECT") -> list[str]:
    """The statements that were not refused for want of a privilege."""
    passed = []
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(preparation)
        for statement in statements:
            try:
                connection.execute(statement)
            except errors.InsufficientPrivilege:
                continue
            passed.append(statement)
    return passed


def test_the_services_may_only_add(database: Database) -> None:
    assert allowed(database.app, [*BY_ANYONE, *BY_SERVICES]) == []


def test_the_owner_is_stopped_too(database: Database) -> None:
    assert allowed(database.owner, BY_ANYONE) == []


def test_replication_mode_does_not_open_the_log(database: Database) -> None:
    assert allowed(database.admin, BY_ANYONE, "SET session_replication_role = replica") == []


def test_a_temporary_table_of_the_same_name_changes_nothing(
    database: Database, recorder: CasefileRecorder
) -> None:
    given = event()
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute("CREATE TEMP TABLE stored_events (LIKE casefile.stored_events)")
        admin.execute("SET search_path = pg_temp, public")
        admin.execute(
            "SELECT casefile.append_events(%s, %s, %s, %s)",
            [[given.originator_id], [1], [given.topic], [given.state]],
        )

    assert [row[2] for row in recorder.stream(given.originator_id)] == [given.state]


def test_the_services_may_build_read_models(database: Database) -> None:
    with psycopg.connect(database.app) as app:
        app.execute("CREATE TABLE readmodels.roster_v1 (case_id uuid PRIMARY KEY)")
        app.execute("DROP TABLE readmodels.roster_v1")


def test_nothing_is_open_to_others(database: Database) -> None:
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute("CREATE ROLE passer_by")
        try:
            admin.execute("SET ROLE passer_by")
            with pytest.raises(errors.InsufficientPrivilege):
                admin.execute("SELECT count(*) FROM casefile.stored_events")
        finally:
            admin.execute("RESET ROLE")
            admin.execute("DROP ROLE passer_by")


def test_a_commit_of_nothing_but_a_release_is_stored(recorder: CasefileRecorder) -> None:
    assert recorder.append(Commit((), release=(("resident_id", b"d" * 32),))).positions == ()
