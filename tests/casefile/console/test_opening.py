"""Opening a file, and sessions with many children, in a browser."""

from collections.abc import Callable
from uuid import UUID

import pytest
from stdnum.cn import ric

from services.casefile.composition import Parts
from tests.casefile.console.conftest import Person
from tests.casefile.console.page import Page
from tests.casefile.console.recorded import told
from tests.casefile.world import open_child

CHILD = {
    "occurred_on": "2026-11-20",
    "name": "禾小满",
    "sex": "female",
    "birth_date": "2016-05-04",
    "population": "left_behind",
}


def test_a_file_is_opened_in_the_class_of_the_teacher(teacher: Person, product: Parts):
    form = teacher.page("/open").form()

    answer = teacher.resend(form, **CHILD)
    again = teacher.resend(form, **CHILD)

    case_id = UUID(answer.headers["location"].split("/")[2])
    facts = product.history.status(case_id)["facts"]
    assert (facts["child.class_unit"]["value"], facts["child.school"]["value"]) == (
        "class-31",
        "school-1",
    )
    assert again.headers["location"] == answer.headers["location"]
    assert str(case_id) == form.value("record_id")


def test_a_child_who_is_on_file_already_leads_to_that_file(teacher: Person, product: Parts):
    number = {"school_register_no": "G110101201605040001"}
    known = open_child(product, **number)

    answer = teacher.send("/open", **CHILD, **number)

    page = Page(answer.text)
    assert answer.status_code == 409
    assert f"/cases/{known}" in page.links
    assert page.form().value("name") == "禾小满"


def test_an_odd_resident_id_is_taken_and_the_page_says_what_is_odd(teacher: Person):
    stem = "99999920160504002"

    answer = teacher.send("/open", **CHILD, resident_id=stem + ric.calc_check_digit(stem + "0"))

    assert answer.status_code == 303
    assert "地区码不在名录中" in teacher.page(answer.headers["location"]).text


def test_a_file_that_names_no_place_is_refused_at_that_field(teacher: Person):
    answer = teacher.send("/open", **CHILD, school="", class_unit="", village="")

    assert answer.status_code == 422
    assert "#village" in Page(answer.text).links


@pytest.fixture
def class_of_three(product: Parts, follow: Callable[[], None]) -> list[UUID]:
    children = [open_child(product, name=f"禾苗{name}") for name in "甲乙丙"]
    follow()
    return children


def test_a_session_credits_those_who_are_ticked_and_tells_who_was_missing(
    teacher: Person, product: Parts, class_of_three: list[UUID]
):
    form = teacher.page("/session?unit=class-31").form()
    [missing, *_] = class_of_three
    everybody = [c.value for c in form.controls if c.name == "present" and c.checked]
    came = [case_id for case_id in everybody if case_id != str(missing)]

    answer = teacher.resend(form, session_kind="class_meeting", present=came, minutes="40")
    again = teacher.resend(form, session_kind="class_meeting", present=came, minutes="40")

    assert {str(case_id) for case_id in class_of_three} <= set(everybody)
    assert answer.status_code == 303
    assert again.headers["location"] == answer.headers["location"]
    assert [row["kind"] for row in told(product, missing)] == ["opening"]
    assert [row["kind"] for row in told(product, class_of_three[1])] == [
        "group_attendance",
        "opening",
    ]
    page = teacher.page(answer.headers["location"])
    assert {f"/cases/{case_id}" for case_id in class_of_three} <= set(page.links)


def test_ticking_none_keeps_what_was_typed(teacher: Person, class_of_three: list[UUID]):
    form = teacher.page("/session?unit=class-31").form()

    answer = teacher.resend(form, tick="none", note="下午第一节")

    page = Page(answer.text)
    assert page.form().value("note") == "下午第一节"
    assert not [c for c in page.form().controls if c.name == "present" and c.checked]


def test_a_session_where_nobody_came_is_refused(teacher: Person, class_of_three: list[UUID]):
    answer = teacher.send("/session?unit=class-31", session_kind="film", present=None)

    assert answer.status_code == 422
    assert "#present" in Page(answer.text).links


def test_names_of_a_class_are_shown_to_those_who_may_read_files(
    teacher: Person, class_of_three: list[UUID]
):
    assert "禾苗乙" in teacher.page("/session?unit=class-31").text


def test_a_unit_says_what_may_be_recorded_and_what_was(
    sign_in: Callable[[str], Person], product: Parts
):
    county = sign_in("county")
    menu = county.page("/units/village-1/new")

    answer = county.send(
        "/units/village-1/new/hazard", hazard="water", place="nearby", description="水塘无护栏"
    )

    assert "/units/village-1/new/hazard" in menu.links
    assert "/units/village-1/new/unit_registration" not in menu.links
    assert "已登记" in county.page(answer.headers["location"]).text


def test_the_register_is_for_operators_only(sign_in: Callable[[str], Person]):
    path = "/staff/t-101/new/staff_departure"

    assert sign_in("county").get(path).status_code == 403
    assert sign_in("operator").get(path).status_code == 200
