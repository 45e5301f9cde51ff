"""What a reader is shown when values or keys are not where they should be."""

from uuid import UUID

import msgspec
import psycopg
import pytest

from services.casefile.composition import Parts
from tests.casefile.world import context, open_child
from tests.servers import Database

TALK = {"occurred_on": "2026-11-18", "note": "谈到期中考试", "concerns": "睡得晚"}
TAMPERED = {"withheld": "tampered"}


def tamper(database: Database, case_id: UUID, version: int, change) -> None:
    """As the superuser, with the triggers off."""
    with psycopg.connect(database.admin, autocommit=True) as connection:
        connection.execute("ALTER TABLE casefile.stored_events DISABLE TRIGGER ALL")
        where = "WHERE originator_id = %s AND originator_version = %s"
        [(state,)] = connection.execute(
            f"SELECT state FROM casefile.stored_events {where}", [case_id, version]
        )
        body = msgspec.json.decode(state)
        change(body["rec"])
        connection.execute(
            f"UPDATE casefile.stored_events SET state = %s {where}",
            [msgspec.json.encode(body), case_id, version],
        )


@pytest.fixture
def talked(casefile: Parts):
    case_id = open_child(casefile)
    return case_id, casefile.casefile.record(case_id, "talk", TALK, context())


def test_two_swapped_values_are_both_tampered(casefile: Parts, database: Database, talked):
    case_id, talk = talked

    def swap(rec):
        rec["note"], rec["concerns"] = rec["concerns"], rec["note"]

    tamper(database, case_id, talk.version, swap)

    fields = casefile.history.record(case_id, talk.record_id)["fields"]
    assert fields["note"] == TAMPERED
    assert fields["concerns"] == TAMPERED


def test_a_value_under_a_key_of_another_class_is_tampered_and_not_erased(
    casefile: Parts, database: Database, talked
):
    case_id, talk = talked

    def rename(rec):
        rec["note"][1] = "guardian#1"

    tamper(database, case_id, talk.version, rename)

    assert casefile.history.record(case_id, talk.record_id)["fields"]["note"] == TAMPERED


def test_a_child_s_name_from_another_place_is_tampered_in_her_status(
    casefile: Parts, database: Database
):
    case_id = open_child(casefile, school_register_no="X99010001")

    def move(rec):
        rec["name"][1] = "welfare#1"

    tamper(database, case_id, 2, move)

    assert casefile.history.status(case_id)["facts"]["child.name"]["value"] == TAMPERED


def test_an_erased_child_is_erased_everywhere(casefile: Parts, talked):
    case_id, talk = talked

    casefile.keyring.destroy(case_id)

    erased = {"withheld": "erased"}
    assert casefile.history.record(case_id, talk.record_id)["fields"]["note"] == erased
    assert casefile.history.status(case_id)["facts"]["child.name"]["value"] == erased
    assert casefile.history.status(case_id)["facts"]["child.school"]["value"] == "school-1"
