"""Recording in a browser: quick, once, and with everything that was typed kept when it is refused."""

from uuid import UUID

import pytest

from services.casefile.composition import Parts
from services.casefile.labels import labels
from tests.casefile.console.conftest import Person
from tests.casefile.console.page import Page
from tests.casefile.console.recorded import told


def test_a_talk_is_recorded_by_choosing_a_mood_and_nothing_else(
    teacher: Person, product: Parts, case_id: UUID
):
    answer = teacher.send(f"/cases/{case_id}/new/talk", mood="calm")

    latest = told(product, case_id)[0]
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/cases/{case_id}/records/{latest['record_id']}")
    assert (latest["kind"], latest["fields"]["mood"]) == ("talk", "calm")
    assert str(latest["occurred_on"]) == "2026-11-20"
    assert latest["performed_by"]["staff"] == "t-101"
    assert latest["source"] == "web"


def test_the_receipt_is_the_page_of_the_record(teacher: Person, case_id: UUID):
    answer = teacher.send(f"/cases/{case_id}/new/talk", own_words="想妈妈")

    page = teacher.page(answer.headers["location"])

    assert "已登记" in page.text
    assert "想妈妈" in page.text


def test_the_same_form_sent_twice_is_one_record_and_one_answer(
    teacher: Person, product: Parts, case_id: UUID
):
    form = teacher.page(f"/cases/{case_id}/new/talk").form()

    first, second = teacher.resend(form, mood="low"), teacher.resend(form, mood="low")

    assert first.headers["location"] == second.headers["location"]
    assert [row["kind"] for row in told(product, case_id)] == ["talk", "opening"]


def test_a_form_that_was_changed_after_it_was_recorded_says_so_and_keeps_what_was_typed(
    teacher: Person, product: Parts, case_id: UUID
):
    form = teacher.page(f"/cases/{case_id}/new/talk").form()
    teacher.resend(form, own_words="第一次")

    answer = teacher.resend(form, own_words="第二次")

    assert answer.status_code == 409
    assert Page(answer.text).form().value("own_words") == "第二次"
    assert len(told(product, case_id)) == 2


def test_every_fault_is_told_at_once_next_to_its_field_and_at_the_top(
    teacher: Person, product: Parts, case_id: UUID
):
    answer = teacher.send(
        f"/cases/{case_id}/new/talk", occurred_on="", minutes="很久", own_words="想妈妈"
    )

    page = Page(answer.text)
    assert answer.status_code == 422
    assert {"#occurred_on", "#minutes"} <= set(page.links)
    assert {"occurred_on-wrong", "minutes-wrong"} <= set(page.ids)
    assert page.form().value("own_words") == "想妈妈"
    assert page.form().value("minutes") == "很久"
    assert len(told(product, case_id)) == 1


def test_a_late_record_asks_why_and_is_recorded_with_the_reason(
    teacher: Person, product: Parts, case_id: UUID
):
    refused = teacher.send(f"/cases/{case_id}/new/talk", occurred_on="2026-11-01", mood="low")
    form = Page(refused.text).form()

    answer = teacher.resend(form, late_reason="乡镇停电")

    assert refused.status_code == 422
    assert "#late_reason" in Page(refused.text).links
    assert form.value("occurred_on") == "2026-11-01"
    assert form.names.index("late_reason") < form.names.index("minutes")
    assert answer.status_code == 303
    assert told(product, case_id)[0]["late_reason"] == "乡镇停电"


def test_a_line_is_added_without_script_and_what_was_typed_stays(
    teacher: Person, product: Parts, case_id: UUID
):
    path = f"/cases/{case_id}/new/home_visit"
    typed = {"met": ["guardian"], "visitors.1.role": "volunteer", "visitors.1.name": "柳示例"}

    grown = teacher.send(path, more="visitors", **typed)
    form = Page(grown.text).form()
    answer = teacher.resend(form, **{"visitors.2.role": "staff", "visitors.2.staff": "t-102"})

    assert form.value("visitors.1.name") == "柳示例"
    assert answer.status_code == 303
    [visit, _] = told(product, case_id)
    assert visit["fields"]["visitors"] == [
        {"role": "volunteer", "name": "柳示例"},
        {"role": "staff", "staff": "t-102"},
    ]


def test_empty_lines_are_left_out_and_a_fault_stays_with_its_line(teacher: Person, case_id: UUID):
    path = f"/cases/{case_id}/new/home_visit"
    typed = {"met": ["child"], "visitors.2.name": "柳示例"}

    answer = teacher.send(path, **typed)

    page = Page(answer.text)
    assert answer.status_code == 422
    assert "#visitors-1-role" in page.links
    assert page.form().value("visitors.1.name") == "柳示例"


def test_closing_a_file_that_has_moved_on_shows_what_happened_and_asks_again(
    teacher: Person, product: Parts, case_id: UUID
):
    form = teacher.page(f"/cases/{case_id}/new/closure").form()
    teacher.send(f"/cases/{case_id}/new/talk", mood="low")

    moved = teacher.resend(form, reason="parent_returned", remark="母亲回来了")
    again = Page(moved.text).form()
    answer = teacher.resend(again)

    assert moved.status_code == 412
    assert labels("zh").kind("Talk") + " #" in Page(moved.text).text
    assert again.value("remark") == "母亲回来了"
    assert answer.status_code == 303
    assert told(product, case_id)[0]["kind"] == "closure"


def test_closing_twice_with_one_form_is_one_closure(teacher: Person, product: Parts, case_id: UUID):
    form = teacher.page(f"/cases/{case_id}/new/closure").form()

    first = teacher.resend(form, reason="parent_returned")
    second = teacher.resend(form, reason="parent_returned")

    assert (first.status_code, second.status_code) == (303, 303)
    assert [row["kind"] for row in told(product, case_id)] == ["closure", "opening"]


def test_what_was_typed_is_not_in_the_log_of_the_process(
    teacher: Person, case_id: UUID, capfd: pytest.CaptureFixture[str]
):
    mark = "金丝雀便条七三九一"
    teacher.send(f"/cases/{case_id}/new/talk", occurred_on=mark, minutes=mark, own_words=mark)
    teacher.send(f"/cases/{case_id}/new/talk?note={mark}", occurred_on="2026-11-01", note=mark)

    said = capfd.readouterr()

    assert "request_answered" in said.out + said.err
    assert mark not in said.out + said.err


def test_you_are_the_one_who_did_it_unless_you_say_otherwise(
    teacher: Person, product: Parts, case_id: UUID
):
    form = teacher.page(f"/cases/{case_id}/new/talk").form()

    teacher.resend(form, performed_by="d-201")

    assert form.value("performed_by") == "t-101"
    row = told(product, case_id)[0]
    assert (row["performed_by"]["staff"], row["recorded_by"]["staff"]) == ("d-201", "t-101")
