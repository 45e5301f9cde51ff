"""Recording from the browser: quick, safe to send twice, and nothing typed is ever lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.domain.catalogue import catalogue
from tests.console.asking import Somebody, filled_in, hidden, text_of
from tests.console.county import County

TODAY = day_in_china(system_clock())
KINDS = [k.slug for k in catalogue() if k.stream == "case" and k.declared.recordable]
WORDS = "想妈妈,<b>不是</b>标签"


def opened(teacher: Somebody, **fields: str) -> str:
    """A file of this test's own."""
    name = f"禾{uuid4().hex[:8]}"
    form = {
        "record_id": str(uuid4()), "occurred_on": str(TODAY), "name": name, "sex": "female",
        "birth_date": "2016-05-04", "population": "left_behind", "school": "c000-t01-sch",
    }  # fmt: skip
    answer = teacher.send("/open", form | fields)
    assert answer.status_code == 303, text_of(answer.text)
    return answer.headers["location"].split("/")[2]


def records(teacher: Somebody, case_id: str, kind: str) -> int:
    page = teacher.read(f"/cases/{case_id}/timeline?kind={kind}")
    return int(re.search(r"共 (\d+) 条记录", page)[1])


def test_a_talk_is_on_file_after_one_form_with_what_is_usual_filled_in(teacher: Somebody):
    case_id = opened(teacher)
    page = teacher.read(f"/cases/{case_id}/new/talk")

    answer = teacher.send(
        f"/cases/{case_id}/new/talk",
        {"record_id": hidden(page, "record_id"), "occurred_on": str(TODAY), "mood": "calm"},
    )

    assert f'name="occurred_on" value="{TODAY}"' in page
    assert answer.status_code == 303
    assert "已登记" in teacher.read(answer.headers["location"])


def test_a_word_that_may_hurt_is_on_file_and_the_page_asks_to_correct_it(teacher: Somebody):
    case_id = opened(teacher)
    form = {"record_id": str(uuid4()), "occurred_on": str(TODAY), "note": "是个差生"}

    answer = teacher.send(f"/cases/{case_id}/new/talk", form)

    assert "请改为所见所闻的事实" in teacher.read(answer.headers["location"])


def test_a_form_sent_twice_is_one_record(teacher: Somebody):
    case_id = opened(teacher)
    form = {"record_id": str(uuid4()), "occurred_on": str(TODAY), "place": "home"}

    first = teacher.send(f"/cases/{case_id}/new/talk", form)
    second = teacher.send(f"/cases/{case_id}/new/talk", form)

    assert first.headers["location"] == second.headers["location"]
    assert records(teacher, case_id, "talk") == 1


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_still_there(
    teacher: Somebody,
):
    case_id = opened(teacher)
    form = {
        "record_id": str(uuid4()), "occurred_on": str(TODAY), "minutes": "二十", "note": WORDS,
        "mood": "low",
    }  # fmt: skip

    answer = teacher.send(f"/cases/{case_id}/new/talk", form)

    assert answer.status_code == 422
    assert 'id="minutes-wrong"' in answer.text
    assert 'href="#minutes"' in answer.text
    assert 'value="二十"' in answer.text
    assert WORDS in text_of(
        answer.text.replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>")
    ) or ("&lt;b&gt;不是&lt;/b&gt;" in answer.text)
    assert re.search(r'value="low" checked', answer.text)
    assert hidden(answer.text, "record_id") == form["record_id"]
    assert records(teacher, case_id, "talk") == 0


def test_a_reason_is_asked_for_when_it_is_late_and_the_field_unfolds(teacher: Somebody):
    case_id = opened(teacher, occurred_on=str(TODAY - timedelta(20)), late_reason="集中建档")
    form = {"record_id": str(uuid4()), "occurred_on": str(TODAY - timedelta(15))}

    late = teacher.send(f"/cases/{case_id}/new/talk", form)
    explained = teacher.send(f"/cases/{case_id}/new/talk", form | {"late_reason": "下乡没有网络"})

    assert late.status_code == 422
    assert late.text.index('id="late_reason"') < late.text.index("<details")
    assert explained.status_code == 303


def test_a_rule_that_refuses_says_so_in_the_form(teacher: Somebody):
    case_id = opened(teacher)
    form = {"record_id": str(uuid4()), "occurred_on": str(TODAY + timedelta(9))}

    answer = teacher.send(f"/cases/{case_id}/new/talk", form)

    assert answer.status_code == 422
    assert 'id="occurred_on-wrong"' in answer.text


def test_several_ticked_boxes_and_a_part_with_fields_of_its_own_arrive(teacher: Somebody):
    case_id = opened(teacher)
    form = {
        "record_id": str(uuid4()), "occurred_on": str(TODAY), "met": ["child", "guardian"],
        "visitors.1.role": "volunteer", "visitors.1.name": "志愿者甲",
    }  # fmt: skip

    answer = teacher.send(f"/cases/{case_id}/new/home_visit", form)
    page = text_of(teacher.read(answer.headers["location"]))

    assert "志愿者甲" in page
    assert "儿童本人、监护人" in page


def test_a_part_that_was_begun_has_to_be_finished(teacher: Somebody):
    case_id = opened(teacher)
    form = {
        "record_id": str(uuid4()), "occurred_on": str(TODAY), "met": "child",
        "visitors.1.name": "志愿者甲",
    }  # fmt: skip

    answer = teacher.send(f"/cases/{case_id}/new/home_visit", form)

    assert answer.status_code == 422
    assert 'id="visitors-1-role-wrong"' in answer.text


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_has_a_form_and_an_empty_one_is_no_fault_of_ours(
    teacher: Somebody, county: County, slug: str
):
    path = f"/cases/{county.case_id}/new/{slug}"
    page = teacher.get(path)

    sent = teacher.send(path, {"record_id": "", "occurred_on": ""})

    assert page.status_code == 200
    assert sent.status_code in (403, 422)
    assert "occurred_on-wrong" in sent.text or sent.status_code == 403


def test_a_correction_changes_what_was_changed_and_keeps_the_rest(teacher: Somebody):
    case_id = opened(teacher)
    form = {"record_id": str(uuid4()), "occurred_on": str(TODAY), "mood": "low", "note": "第一次"}
    talk = teacher.send(f"/cases/{case_id}/new/talk", form).headers["location"].partition("?")[0]
    page = teacher.read(f"{talk}/correct")
    filled = filled_in(page) | {"mood": "calm", "reason_for_correcting": "选错了一项"}

    without_reason = teacher.send(f"{talk}/correct", filled | {"reason_for_correcting": " "})
    nothing_new = teacher.send(f"{talk}/correct", filled | {"mood": "low"})
    answer = teacher.send(f"{talk}/correct", filled)

    assert without_reason.status_code == nothing_new.status_code == 422
    assert 'value="选错了一项"' in nothing_new.text
    assert answer.status_code == 303
    read = text_of(teacher.read(answer.headers["location"]))
    assert "第一次" in read
    assert "低落 → 平静" in read


def test_a_correction_of_a_file_that_has_moved_on_is_shown_again(teacher: Somebody):
    case_id = opened(teacher)
    form = {"record_id": str(uuid4()), "occurred_on": str(TODAY), "mood": "low"}
    talk = teacher.send(f"/cases/{case_id}/new/talk", form).headers["location"].partition("?")[0]
    page = teacher.read(f"{talk}/correct")
    teacher.send(f"/cases/{case_id}/new/talk", form | {"record_id": str(uuid4())})
    filled = filled_in(page) | {"mood": "angry", "reason_for_correcting": "又想了想"}

    moved = teacher.send(f"{talk}/correct", filled)
    seen = teacher.send(f"{talk}/correct", filled | {"version": hidden(moved.text, "version")})

    assert moved.status_code == 412
    assert re.search(r'value="angry" checked', moved.text)
    assert seen.status_code == 303


def test_an_annulment_needs_a_ground_and_a_reason(teacher: Somebody):
    case_id = opened(teacher)
    form = {"record_id": str(uuid4()), "occurred_on": str(TODAY)}
    talk = teacher.send(f"/cases/{case_id}/new/talk", form).headers["location"].partition("?")[0]
    page = teacher.read(f"{talk}/annul")
    filled = {
        "record_id": hidden(page, "record_id"), "version": hidden(page, "version"),
        "ground": "wrong_child", "reason": "记到了别的孩子名下",
    }  # fmt: skip

    bare = teacher.send(f"{talk}/annul", filled | {"ground": ""})
    answer = teacher.send(f"{talk}/annul", filled)

    assert bare.status_code == 422
    assert 'id="ground-wrong"' in bare.text
    assert "已作废" in teacher.read(answer.headers["location"])


def test_a_session_is_credited_to_who_was_ticked_and_the_others_are_absent(teacher: Somebody):
    here, away = opened(teacher), opened(teacher)
    form = {
        "record_id": str(uuid4()), "unit": "c000-t01-sch-01", "occurred_on": str(TODAY),
        "session_kind": "class_meeting", "present": [here], "listed": [here, away],
    }  # fmt: skip

    first = teacher.send("/session", form)
    again = teacher.send("/session", form)

    assert first.status_code == again.status_code == 303
    assert records(teacher, here, "group_attendance") == 1
    assert "已登记，并记入 1 名儿童的档案" in teacher.read(first.headers["location"])


def test_a_training_of_guardians_says_whose_guardians_came(teacher: Somebody):
    child, other = opened(teacher), opened(teacher)
    form = {
        "record_id": str(uuid4()), "unit": "c000-t01-sch-01", "occurred_on": str(TODAY),
        "session_kind": "guardian_training", "listed": [child, other], "guardians_of": [child],
    }  # fmt: skip

    without = teacher.send("/session", form)
    held = teacher.send("/session", form | {"guardians_present": "1"})

    assert without.status_code == 422
    assert held.status_code == 303
    assert "1 名儿童的监护人到会" in teacher.read(held.headers["location"])
    assert "1 名儿童的监护人到会" not in without.text
