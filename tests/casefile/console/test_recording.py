"""Recording in a browser: quick, once, and with everything that was typed kept when it is refused."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.casefile.composition import Parts
from services.casefile.labels import labels
from tests.casefile.console.conftest import Person
from tests.casefile.console.page import Page
from tests.casefile.rulebooks.policies import county, policy

In = Callable[[str], Person]


def told(product: Parts, case_id: UUID) -> list[dict]:
    return product.history.timeline(case_id)["rows"]


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


def test_whoever_may_not_record_sees_no_buttons_and_is_refused(
    sign_in: In, product: Parts, case_id: UUID
):
    inspector = sign_in("inspector")
    page = inspector.page(f"/cases/{case_id}")

    answer = inspector.get(f"/cases/{case_id}/new/talk")
    sent = inspector.post(f"/cases/{case_id}/new/talk", [])

    assert not [link for link in page.links if "/new" in link or link.endswith("/correct")]
    assert answer.status_code == 403
    assert sent.status_code == 403
    assert len(told(product, case_id)) == 1


def test_a_form_of_another_site_is_refused(teacher: Person, product: Parts, case_id: UUID):
    form = teacher.page(f"/cases/{case_id}/new/talk").form()

    answer = teacher.client.post(
        form.action, data=dict(form.pairs()), headers={"origin": "http://elsewhere.example"}
    )
    tokenless = teacher.resend(form, form_token="0")

    assert (answer.status_code, tokenless.status_code) == (403, 403)
    assert len(told(product, case_id)) == 1


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


def test_ids_that_only_the_system_makes_are_refused(teacher: Person, case_id: UUID):
    answer = teacher.send(
        f"/cases/{case_id}/new/talk", record_id=str(UUID(int=uuid4().int, version=5))
    )

    assert answer.status_code == 422


def test_a_waiver_is_for_those_who_may_and_for_a_rule_there_is(sign_in: In, case_id: UUID):
    path = f"/cases/{case_id}/new/waiver"
    waiver = {"policy": "visits", "rule": "visit.monthly", "reason": "in_hospital"}
    days = {"starts_on": "2026-11-20", "expires_on": "2026-12-20"}

    refused = sign_in("supervisor").send(path, **waiver, **days, approved_by="c-401")

    assert sign_in("teacher").get(path).status_code == 403
    assert refused.status_code == 409
    assert Page(refused.text).form().value("approved_by") == "c-401"


def test_a_waiver_offers_the_rules_by_which_the_child_is_owed_something(
    sign_in: In, product: Parts, case_id: UUID
):
    product.casefile.adopt_policy(policy(effective_from=date(2026, 11, 1)), county())
    product.rulebooks.fresh()
    path, days = f"/cases/{case_id}/new/waiver", ("2026-11-20", "2026-12-20")
    form = sign_in("supervisor").page(path).form()
    rules = next(c.options for c in form.controls if c.name == "rule")

    answer = sign_in("supervisor").resend(
        form,
        policy="school-default",
        rule=rules[1],
        reason="in_hospital",
        approved_by="c-401",
        starts_on=days[0],
        expires_on=days[1],
    )

    assert set(rules[1:]) <= {rule.code for rule in policy().rules}
    assert answer.status_code == 303
    assert told(product, case_id)[0]["kind"] == "waiver"
