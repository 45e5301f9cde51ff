"""Where to look for who was in contact with whom: every day and person a record ever named."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from services.casefile.domain.stream_ids import staff_stream
from services.casefile.readmodels.contacts import ContactsModel
from tests.casefile.following.county import County, county
from tests.casefile.world import actor, context, open_child
from tests.servers import Database

ROWS = """
SELECT record_id, staff, occurred_on FROM readmodels.contacts WHERE kind = 'talk' ORDER BY 3, 2
"""


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[County]:
    with county(database, tmp_path, ContactsModel()) as settled:
        settled.upkeep.prepare()
        yield settled


def test_a_contact_is_found_by_who_made_it_and_when(world: County):
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10", performed_by="t-102")
    world.follow()

    assert world.ask(ROWS) == [(talk, "t-102", date(2026, 11, 10))]


def test_a_corrected_contact_is_found_by_what_it_said_before_and_says_now(world: County):
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10")
    world.follow()
    world.correct(case, talk, occurred_on="2026-11-12")
    world.correct(case, talk, performed_by="t-102")
    world.follow()

    assert world.ask(ROWS) == [
        (talk, "t-101", date(2026, 11, 10)),
        (talk, "t-101", date(2026, 11, 12)),
        (talk, "t-102", date(2026, 11, 12)),
    ]


def test_an_annulled_contact_is_found_still_since_it_counted_once(world: County):
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10")
    world.annul(case, talk)
    world.follow()

    assert world.ask(ROWS) == [(talk, "t-101", date(2026, 11, 10))]


def test_whatever_people_record_of_a_child_is_found_and_nothing_else(world: County):
    case = open_child(world.parts)
    talk = world.record(case, "talk", "2026-11-10")
    world.annul(case, talk)
    world.follow()

    kinds = world.ask("SELECT kind FROM readmodels.contacts ORDER BY kind")

    assert kinds == [("opening",), ("talk",)]


def test_staff_are_found_by_every_role_they_ever_held(world: County):
    operator = context(actor=actor("operator", "o-1", "operator"), source="system")
    world.follow()
    move = {"role": "child_director", "unit": "village-1", "starts_on": "2026-11-01"}
    body = {"occurred_on": "2026-11-01", "late_reason": "补录"} | move
    world.parts.casefile.record_staff("t-101", "staff_move", body, operator)
    world.follow()

    rows = world.ask(
        "SELECT role FROM readmodels.contact_workers WHERE stream_id = %s ORDER BY role",
        staff_stream("t-101"),
    )

    assert rows == [("child_director",), ("class_teacher",)]


def test_a_rebuild_gives_the_rows_that_were_followed(world: County):
    for _ in range(3):
        case = open_child(world.parts)
        talk = world.record(case, "talk", "2026-11-10")
        world.record(case, "home_visit", "2026-11-11", met=["child"])
        world.follow()
        world.correct(case, talk, occurred_on="2026-11-12")
        world.follow()

    [contacts, workers] = world.upkeep.rebuild(["contacts"])

    assert (contacts.differences, workers.differences) == ((), ())
    assert (contacts.new_rows, workers.new_rows) == (12, 4)
    assert world.rows() == world.folded()
