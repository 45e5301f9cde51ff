"""Lists across children: filters, pages, names opened for the answer, a position to wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.casefile.composition import Parts
from services.casefile.following import Following
from tests.casefile.api.calling import Caller, accepted, caller, fresh_id, talk
from tests.casefile.world import child

NUMBER = "110101201503010023"
LISTS = (
    "/v1/roster",
    "/v1/caseload",
    "/v1/caseload/workers",
    "/v1/funding",
    "/v1/worker-activity",
    "/v1/units",
    "/v1/staff",
)


@pytest.fixture
def named(teacher: Caller, followed: Following) -> str:
    """A child with a number, who is on the roster."""
    response = teacher.post("/v1/cases", child(name="禾苗 乙", resident_id=NUMBER))
    found = accepted(teacher.post("/v1/roster/lookup", {"resident_id": NUMBER}))["case_ids"]
    followed.catch_up()
    return str(accepted(response)["case_id"]) if response.is_success else found[0]


def test_the_roster_shows_names_to_who_may_read_it(app: FastAPI, teacher: Caller, named: str):
    rows = accepted(teacher.get("/v1/roster", class_unit="class-31"))["rows"]
    operator = caller(app, "operator").get("/v1/roster")

    [row] = [row for row in rows if row["case_id"] == named]
    assert (row["name"], row["birth_date"], row["sex"]) == ("禾苗 乙", "2015-03-01", "female")
    assert operator.status_code == 403


def test_a_child_is_looked_up_by_name_or_number(teacher: Caller, named: str):
    by_number = accepted(teacher.post("/v1/roster/lookup", {"resident_id": NUMBER}))
    by_name = accepted(teacher.post("/v1/roster/lookup", {"name": "禾苗乙"}))
    nobody = accepted(teacher.post("/v1/roster/lookup", {"name": "禾苗丙"}))

    assert by_number["case_ids"] == by_name["case_ids"] == [named]
    assert by_number["rows"][0]["name"] == "禾苗 乙"
    assert nobody == {"case_ids": [], "rows": []}


@pytest.mark.parametrize("asked", [{}, {"name": "x", "resident_id": NUMBER}, {"phone": "1"}])
def test_a_look_up_is_for_one_thing(teacher: Caller, asked: dict[str, str]):
    assert teacher.post("/v1/roster/lookup", asked).status_code == 422


def test_a_list_is_filtered_and_read_page_by_page(
    teacher: Caller, followed: Following, product: Parts
):
    mine = [accepted(teacher.post("/v1/cases", child(class_unit=None, grade=6))) for _ in range(5)]
    followed.catch_up()

    response = teacher.get("/v1/roster", grade=6, school="school-1", limit=2)
    found: list[str] = []
    while True:
        found += [row["case_id"] for row in accepted(response)["rows"]]
        if "link" not in response.headers:
            break
        link = response.headers["link"].removeprefix("<").partition(">")[0]
        response = teacher.client.get(link, headers=teacher.headers)

    assert sorted(found) == sorted(case["case_id"] for case in mine)


@pytest.mark.parametrize("path", LISTS)
def test_every_list_answers_and_refuses_what_it_does_not_know(
    teacher: Caller, named: str, path: str
):
    assert accepted(teacher.get(path, limit=200))["rows"] is not None
    for asked in ({"limit": 201}, {"unit": "\x00"}, {"nonsense": "x"}, {"unit": "a'b"}):
        assert teacher.get(path, **asked).status_code == 422
    assert teacher.get(path, cursor="bm9uc2Vuc2U").status_code == 400


def test_a_forged_cursor_is_refused(teacher: Caller, named: str):
    from services.casefile.api.cursors import cursor

    forged = cursor(("not-a-uuid",), repr(("/v1/roster", [])))

    assert teacher.get("/v1/roster", cursor=forged).status_code == 400


def test_work_done_is_counted_per_worker(teacher: Caller, followed: Following, case_id: UUID):
    teacher.talk(case_id)
    followed.catch_up()

    [row] = accepted(teacher.get("/v1/worker-activity", case_id=str(case_id), kind="talk"))["rows"]

    assert (row["staff"], row["month"], row["times"]) == ("t-101", "2026-11", 1)


def test_a_reader_waits_for_his_own_write(teacher: Caller, followed: Following, case_id: UUID):
    opened = teacher.post("/v1/cases", child())
    position = opened.headers["casefile-position"]

    with running(followed):
        headers = {"casefile-min-position": position}
        rows = accepted(teacher.get("/v1/roster", headers=headers, limit=200))["rows"]

    assert accepted(opened)["case_id"] in [row["case_id"] for row in rows]


def test_a_list_that_has_not_caught_up_says_so(teacher: Caller, named: str):
    response = teacher.get("/v1/roster", min_position=2**40)
    nonsense = teacher.get("/v1/roster", headers={"casefile-min-position": "soon"})

    assert (response.status_code, response.json()["code"]) == (503, "not-there-yet")
    assert response.headers["retry-after"] == "1"
    assert nonsense.status_code == 422


def test_an_erased_child_is_on_the_roster_without_her_name(
    teacher: Caller, product: Parts, followed: Following
):
    case_id = accepted(teacher.post("/v1/cases", child()))["case_id"]
    followed.catch_up()
    product.keyring.destroy(UUID(case_id))

    rows = accepted(teacher.get("/v1/roster", class_unit="class-31", limit=200))["rows"]

    [row] = [row for row in rows if row["case_id"] == case_id]
    assert row["name"] == {"withheld": "erased"}
    refused = teacher.record(case_id, "talk", talk(note="x", record_id=fresh_id()))
    assert (refused.status_code, refused.json()["code"]) == (409, "key-erased")


@contextmanager
def running(followed: Following) -> Iterator[None]:
    stop = Event()
    follower = Thread(target=followed.run, args=(stop,))
    follower.start()
    try:
        yield
    finally:
        stop.set()
        follower.join()


def test_the_headers_of_records_are_listed_for_those_who_review(
    app: FastAPI, teacher: Caller, followed: Following, product: Parts
):
    case_id = accepted(teacher.post("/v1/cases", child(class_unit=None)))["case_id"]
    told = accepted(teacher.record(case_id, "talk", talk(note="说想妈妈。")))
    followed.catch_up()
    inspector = caller(app, "inspector")

    response = inspector.get("/v1/entries", case_id=case_id, kind="talk", under="county-1")

    [row] = accepted(response)["rows"]
    assert (row["record_id"], row["position"]) == (told["record_id"], told["position"])
    assert (row["state"], row["grade"]) == ("current", 2)
    assert "说想妈妈" not in response.text
    assert teacher.get("/v1/entries").status_code == 403
