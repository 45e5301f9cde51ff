"""A file is opened from the browser once, with what it needs, also for a child not yet at school."""

from datetime import timedelta
from uuid import uuid4

from services.casefile.application.clock import day_in_china, system_clock
from tests.console.asking import Somebody, filled_in, hidden, text_of

TODAY = day_in_china(system_clock())


def test_a_small_child_is_opened_with_a_form_of_its_own_and_then_said_not_to_be_of_age(
    teacher: Somebody,
):
    page = teacher.read("/open?intake=kindergarten")
    form = {
        "record_id": hidden(page, "record_id"), "occurred_on": str(TODAY), "name": "禾小苗",
        "sex": "male", "birth_date": str(TODAY - timedelta(days=4 * 365)),
        "population": "left_behind", "village": "c000-t01-v1",
    }  # fmt: skip

    opened_ = teacher.send("/open?intake=kindergarten", form)
    second = teacher.read(opened_.headers["location"])
    answer = teacher.send(opened_.headers["location"].partition("?")[0], filled_in(second))

    assert 'name="grade"' not in page
    assert 'name="school_register_no"' not in page
    assert "幼儿信息采集" in text_of(page)
    assert "未到入学年龄" in text_of(teacher.read(answer.headers["location"]))


def test_a_file_that_was_opened_twice_by_a_double_click_is_one(teacher: Somebody):
    form = {
        "record_id": str(uuid4()), "occurred_on": str(TODAY), "name": "禾双击", "sex": "male",
        "birth_date": "2017-01-02", "population": "left_behind", "village": "c000-t01-v1",
    }  # fmt: skip

    first, second = teacher.send("/open", form), teacher.send("/open", form)

    assert first.headers["location"] == second.headers["location"]


def test_a_file_without_what_it_needs_is_refused_field_by_field(teacher: Somebody):
    answer = teacher.send("/open", {"record_id": str(uuid4()), "occurred_on": str(TODAY)})

    assert answer.status_code == 422
    for field in ("name", "sex", "birth_date", "population"):
        assert f'id="{field}-wrong"' in answer.text
