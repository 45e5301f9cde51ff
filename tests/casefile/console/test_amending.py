"""Putting records right in a browser."""

from uuid import UUID

from services.casefile.composition import Parts
from tests.casefile.console.conftest import Person
from tests.casefile.console.page import Page
from tests.casefile.console.recorded import told


def recorded(teacher: Person, case_id: UUID, kind: str, **fields) -> str:
    answer = teacher.send(f"/cases/{case_id}/new/{kind}", **fields)
    return answer.headers["location"].partition("?")[0].rpartition("/")[2]


def test_a_correction_sends_only_what_was_changed(teacher: Person, product: Parts, case_id: UUID):
    talk = recorded(teacher, case_id, "talk", mood="low", minutes="20", own_words="想妈妈")

    answer = teacher.send(
        f"/cases/{case_id}/records/{talk}/correct", mood="calm", reason_for_correcting="选错了一项"
    )

    assert answer.status_code == 303
    [correction, talk_now, _] = told(product, case_id)
    assert correction["fields"]["changes"] == {"mood": "calm"}
    assert talk_now["fields"]["mood"] == "calm"
    assert "选错了一项" in teacher.page(answer.headers["location"]).text


def test_a_value_can_be_taken_away(teacher: Person, product: Parts, case_id: UUID):
    visit = recorded(teacher, case_id, "home_visit", met=["child"], hazards=["fire"], note="误写")

    teacher.send(
        f"/cases/{case_id}/records/{visit}/correct",
        hazards=None,
        note="",
        reason_for_correcting="误写",
    )

    [correction, now, _] = told(product, case_id)
    assert "hazards" not in now["fields"]
    assert "note" not in now["fields"]
    assert correction["kind"] == "correction"


def test_a_correction_without_a_change_or_without_a_reason_is_refused(
    teacher: Person, case_id: UUID
):
    talk = recorded(teacher, case_id, "talk", mood="low")
    path = f"/cases/{case_id}/records/{talk}/correct"

    unchanged = teacher.send(path, reason_for_correcting="没有变化")
    unexplained = teacher.send(path, mood="calm")

    assert (unchanged.status_code, unexplained.status_code) == (422, 422)
    assert "#reason_for_correcting" in Page(unexplained.text).links
    assert Page(unexplained.text).form().value("mood") == "calm"


def test_what_a_colleague_changed_meanwhile_is_not_undone(
    teacher: Person, product: Parts, case_id: UUID
):
    talk = recorded(teacher, case_id, "talk", mood="low", minutes="20")
    path = f"/cases/{case_id}/records/{talk}/correct"
    mine = teacher.page(path).form()
    teacher.send(path, mood="angry", reason_for_correcting="同事改的")

    moved = teacher.resend(mine, minutes="30", reason_for_correcting="时长写错")
    again = Page(moved.text).form()
    answer = teacher.resend(again)

    assert moved.status_code == 412
    assert (again.value("mood"), again.value("minutes")) == ("angry", "30")
    assert answer.status_code == 303
    now = next(row for row in told(product, case_id) if row["kind"] == "talk")
    assert (now["fields"]["mood"], now["fields"]["minutes"]) == ("angry", 30)


def test_an_annulment_needs_its_ground_and_its_reason(
    teacher: Person, product: Parts, case_id: UUID
):
    talk = recorded(teacher, case_id, "talk", mood="low")
    path = f"/cases/{case_id}/records/{talk}/annul"

    refused = teacher.send(path, reason="重复")
    answer = teacher.resend(Page(refused.text).form(), ground="entered_twice")

    assert refused.status_code == 422
    assert answer.status_code == 303
    assert told(product, case_id)[1]["annulled"]


def test_the_page_of_a_record_offers_what_follows_it(teacher: Person, case_id: UUID):
    granted = grant(teacher, case_id)

    page = teacher.page(f"/cases/{case_id}/records/{granted}")
    follow_up = f"/cases/{case_id}/new/disbursement?grant={granted}"

    assert follow_up in page.links
    assert teacher.page(follow_up).form().value("grant") == granted
    assert "¥4,000.00" in page.text


def grant(teacher: Person, case_id: UUID) -> str:
    return recorded(
        teacher,
        case_id,
        "grant",
        scheme="temporary_relief",
        amount_fen="4000.00",
        rhythm="once",
        payer="civil_affairs",
        starts_on="2026-11-13",
    )


def test_money_is_corrected_in_yuan_and_only_where_it_was_changed(
    teacher: Person, product: Parts, case_id: UUID
):
    path = f"/cases/{case_id}/records/{grant(teacher, case_id)}/correct"
    form = teacher.page(path).form()

    teacher.resend(form, remark="补缴寄宿费", reason_for_correcting="漏写")
    teacher.send(path, amount_fen="3999.5", reason_for_correcting="金额写错")

    second, first, now, _ = told(product, case_id)
    assert form.value("amount_fen") == "4000.00"
    assert first["fields"]["changes"] == {"remark": "补缴寄宿费"}
    assert second["fields"]["changes"] == {"amount_fen": 399_950}
    assert now["fields"]["amount_fen"] == 399_950


def test_a_line_of_a_list_is_corrected_and_another_is_added(
    teacher: Person, product: Parts, case_id: UUID
):
    visitors = {"visitors.1.role": "volunteer", "visitors.1.name": "柳示例"}
    visit = recorded(teacher, case_id, "home_visit", met=["child"], **visitors)
    path = f"/cases/{case_id}/records/{visit}/correct"
    grown = Page(teacher.send(path, more="visitors").text).form()

    answer = teacher.resend(
        grown,
        **{"visitors.2.role": "cadre", "visitors.1.name": "柳样本"},
        reason_for_correcting="漏了一人",
    )

    assert answer.status_code == 303
    now = next(row for row in told(product, case_id) if row["kind"] == "home_visit")
    assert now["fields"]["visitors"] == [
        {"role": "volunteer", "name": "柳样本"},
        {"role": "cadre"},
    ]
    assert now["fields"]["met"] == ["child"]


def test_what_cannot_be_shown_is_not_offered_for_correction(
    teacher: Person, product: Parts, case_id: UUID
):
    talk = recorded(teacher, case_id, "talk", minutes="20", own_words="想妈妈")
    product.keyring.destroy(case_id)

    page = teacher.page(f"/cases/{case_id}/records/{talk}/correct")

    assert "own_words" not in page.form().names
    assert page.form().value("minutes") == "20"
    assert "无法显示" in page.text
