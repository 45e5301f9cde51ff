"""Who is told, where it appears, and what the ledger says of it."""

from uuid import uuid4

import pytest

from services.notifications.delivering import case_ledger, ledger
from services.notifications.delivering.queueing import queue
from services.notifications.state.notices import Notice
from tests.notifications.delivering.office import NIGHT, Office, Recording, refusal


def test_whom_the_directory_does_not_know_finds_it_in_the_inbox(office: Office) -> None:
    notice = office.notice("t-1")
    office.run()
    assert office.items() == [("t-1", "未完成：已记为漏项")]
    assert office.ledger() == [("t-1", "in_app", "delivered", None)]
    assert office.state(notice) == "delivered"


def test_a_notice_goes_to_the_inbox_and_through_the_best_channel(office: Office) -> None:
    office.person("t-1", "smtp", "webhook")
    mail, webhook = Recording("smtp"), Recording("webhook")
    notice = office.notice("t-1")
    office.run(mail, webhook)
    ((address, words, _),) = mail.sent
    assert address == "t-1@smtp"
    assert "talk.class_teacher" in words.body
    assert not webhook.sent
    assert office.ledger()[1] == ("t-1", "smtp", "delivered", "ok")
    assert office.state(notice) == "delivered"


def test_somebody_who_reads_english_is_written_to_in_english(office: Office) -> None:
    office.person("t-1", locale="en-GB")
    office.notice("t-1")
    office.run()
    assert office.items() == [("t-1", "Missed: entered as a miss")]


def test_a_job_that_is_rolled_back_with_its_notice_tells_nobody(office: Office) -> None:
    with pytest.raises(ZeroDivisionError), office.held.transaction():
        office.notice("t-1")
        _ = 1 / 0
    office.run()
    assert office.items() == []
    assert office.waiting_jobs() == []


def test_a_notice_that_is_queued_twice_is_told_once(office: Office) -> None:
    office.person("t-1", "smtp")
    mail = Recording("smtp")
    notice = office.notice("t-1")
    for _ in range(2):
        queue(office.held, [notice])
        office.run(mail)
    assert len(mail.sent) == 1
    assert len(office.ledger()) == 2


def test_a_notice_that_was_stopped_is_not_told(office: Office) -> None:
    notice = office.notice("t-1")
    office.held.execute("UPDATE notifications.notices SET state = 'stopped'")
    office.run()
    assert office.items() == []
    assert office.state(notice) == "stopped"


def test_what_waits_for_the_digest_has_no_job_of_its_own(office: Office) -> None:
    office.notice("t-1", urgency="digest")
    assert office.waiting_jobs() == []


def test_a_notice_for_later_waits_for_its_hour(office: Office) -> None:
    from datetime import UTC, datetime, timedelta

    at = datetime.now(UTC) + timedelta(hours=3)
    office.notice("t-1", at=at)
    office.run()
    assert office.items() == []
    assert [job["scheduled_at"] for job in office.waiting_jobs()] == [at]


def test_while_somebody_is_absent_who_stands_in_is_told(office: Office) -> None:
    office.person("t-1", "smtp", absent_from="2026-11-01", stand_in="t-2")
    office.person("t-2", "smtp")
    mail = Recording("smtp")
    office.notice("t-1")
    office.run(mail)
    assert [address for address, *_ in mail.sent] == ["t-2@smtp"]
    assert office.items()[0][0] == "t-2"
    assert office.rows("SELECT detail FROM notifications.deliveries ORDER BY id LIMIT 1") == [
        {"detail": "in the place of t-1"}
    ]


def test_who_may_hear_nothing_does_not_stand_in_either(office: Office) -> None:
    case = uuid4()
    office.person("t-1", absent_from="2026-11-01", stand_in="t-9")
    office.person("t-9", "smtp")
    office.bar(case, "t-9")
    mail = Recording("smtp")
    office.notice("t-1", case=case)
    office.run(mail)
    assert not mail.sent
    assert [staff for staff, _ in office.items()] != ["t-9"]


def test_who_is_barred_between_two_attempts_hears_nothing_more(office: Office) -> None:
    case = uuid4()
    office.person("t-9", "smtp")
    mail = Recording("smtp", refusal(), None)
    office.notice("t-9", case=case)
    office.run(mail)
    office.bar(case, "t-9")
    office.run_all(mail)
    assert not mail.sent


def test_a_group_reads_the_number_and_the_link_and_no_more(office: Office) -> None:
    case = uuid4()
    office.person("t-1", "wecom")
    bot = Recording("wecom")
    office.notice("t-1", "incident", case=case, facts={"secret": "小芳", "severity": "serious",
                                                       "occurred_on": "2026-11-17"})  # fmt: skip
    office.run(bot)
    ((_, words, _),) = bot.sent
    assert words.body == f"案件 …{str(case)[-8:]}\n详情请登录查看。"
    assert words.link == f"https://casefile.example/cases/{case}"
    assert "小芳" not in words.title


@pytest.mark.parametrize("kind", ["mandatory_report", "incident", "emergency"])
def test_what_somebody_in_the_team_may_have_done_is_told_to_no_group(
    office: Office, kind: str
) -> None:
    case = uuid4()
    office.person("t-1", "wecom", "smtp")
    office.bar(case, "t-9")
    bot, mail = Recording("wecom"), Recording("smtp")
    office.notice("t-1", kind, case=case)
    office.run(bot, mail)
    assert not bot.sent
    assert len(mail.sent) == 1


def test_at_night_what_is_no_matter_of_safety_waits_for_the_morning(office: Office) -> None:
    office.person("t-1", "smtp")
    office.person("t-2", "smtp")
    mail = Recording("smtp")
    office.now = NIGHT
    office.notice("t-1", "missed")
    office.notice("t-2", "emergency")
    office.run(mail)
    assert [address for address, *_ in mail.sent] == ["t-2@smtp"]
    (job,) = office.waiting_jobs()
    assert job["scheduled_at"].isoformat() == "2030-11-20T23:00:00+00:00"


def test_a_digest_is_one_message_and_an_item_for_each_notice(office: Office) -> None:
    office.person("t-1", "smtp")
    mail = Recording("smtp")
    notices = [office.notice("t-1", kind, urgency="digest") for kind in ("missed", "due", "due")]
    office.digest("t-1", *notices)
    office.run(mail)
    ((_, words, _),) = mail.sent
    assert words.title == "今日汇总：3 项"
    assert "未完成 1 项" in words.body
    assert len(office.items()) == 3
    assert {office.state(notice) for notice in notices} == {"delivered"}
    assert len(office.ledger()) == 2


def test_a_digest_leaves_out_what_was_stopped_since(office: Office) -> None:
    notices = [office.notice("t-1", urgency="digest") for _ in range(2)]
    office.digest("t-1", *notices)
    sql = "UPDATE notifications.notices SET state = 'stopped' WHERE id = %s"
    office.held.execute(sql, [notices[0].id])
    office.run()
    assert len(office.items()) == 1


def test_the_ledger_is_read_by_case_and_by_person_page_by_page(office: Office) -> None:
    case = uuid4()
    for staff in ("t-1", "t-2"):
        office.notice(staff, case=case)
    office.notice("t-1")
    office.run()
    told = case_ledger.of_case(office.held, case)
    assert {t.staff: [line.outcome for line in t.lines] for t in told.rows} == {
        "t-1": ["delivered"],
        "t-2": ["delivered"],
    }
    first = ledger.of_person(office.held, "t-1", limit=1)
    rest = ledger.of_person(office.held, "t-1", after=first[0].id)
    assert (len(first), len(rest)) == (1, 1)


def test_a_job_for_a_notice_that_is_gone_does_no_harm(office: Office) -> None:
    queue(office.held, [Notice(uuid4(), "t-1", "missed", "now", None)])
    office.run()
    assert office.ledger() == []
