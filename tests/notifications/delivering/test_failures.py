"""What follows when a channel does not take it: again, later, through another one, or not at all."""

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.notifications.channels.bots import WeCom
from services.notifications.delivering.pacing import Limit, Pace
from services.notifications.delivering.rendering import Renderer
from services.notifications.delivering.rescuing import (
    NotGivenUp,
    given_up,
    requeue_forgotten,
    try_again,
)
from tests.notifications.delivering.office import NOON, Office, Published, Recording, refusal


def test_a_channel_in_trouble_is_tried_again_later(office: Office) -> None:
    office.person("t-1", "smtp")
    mail = Recording("smtp", refusal(), refusal(), None)
    notice = office.notice("t-1")
    office.run(mail)
    assert office.state(notice) == "queued"
    office.run_all(mail)
    assert [line[2:] for line in office.ledger()[1:]] == [
        ("failed", "http_500"), ("failed", "http_500"), ("delivered", "ok"),
    ]  # fmt: skip
    assert office.state(notice) == "delivered"


def test_each_wait_is_longer_than_the_one_before(office: Office) -> None:
    office.person("t-1", "smtp")
    mail = Recording("smtp", refusal())
    office.notice("t-1")
    waits = []
    for _ in range(4):
        office.run(mail)
        (job,) = office.waiting_jobs()
        waits.append((job["scheduled_at"] - NOON).total_seconds())
        office.hurry()
    assert waits == [5, 30, 120, 600]


def test_the_key_of_a_message_is_the_same_at_every_attempt(office: Office) -> None:
    office.person("t-1", "webhook")
    keys: list[str] = []

    class Webhook(Recording):
        async def send(self, address, rendered, idempotency_key):  # type: ignore[no-untyped-def]
            keys.append(idempotency_key)
            return await super().send(address, rendered, idempotency_key)

    office.notice("t-1")
    office.run_all(Webhook("webhook", refusal(), None))
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_what_a_channel_will_never_take_goes_to_the_next_one_at_once(office: Office) -> None:
    office.person("t-1", "wecom", "smtp")
    bot, mail = Recording("wecom", refusal("never", "93000")), Recording("smtp")
    office.notice("t-1")
    office.run(bot, mail)
    assert [line[1:] for line in office.ledger()[1:]] == [
        ("wecom", "refused", "93000"), ("smtp", "delivered", "ok"),
    ]  # fmt: skip


def test_a_channel_that_is_not_set_up_is_passed_over_and_said(office: Office) -> None:
    office.person("t-1", "pigeon", "smtp")
    mail = Recording("smtp")
    office.notice("t-1")
    office.run(mail)
    assert office.ledger()[1] == ("t-1", "pigeon", "refused", "not_configured")
    assert len(mail.sent) == 1


def test_after_the_last_channel_it_is_given_up_and_said(office: Office) -> None:
    office.person("t-1", "smtp")
    notice = office.notice("t-1")
    with capture_logs() as logs:
        office.run_all(Recording("smtp", refusal()))
    assert office.state(notice) == "gave_up"
    assert [line[2] for line in office.ledger()] == ["delivered", *["failed"] * 5, "gave_up"]
    assert [entry["event"] for entry in logs][-1] == "delivery_gave_up"
    assert not any("@smtp" in str(entry) for entry in logs)
    assert office.items()[0][0] == "t-1"


def test_what_was_given_up_can_be_tried_again(office: Office) -> None:
    office.person("t-1", "smtp")
    notice = office.notice("t-1")
    mail = Recording("smtp", refusal("never", "smtp_550"))
    office.run_all(mail)
    (dead,) = given_up(office.held)
    assert (dead.id, dead.staff) == (notice.id, "t-1")
    mail.refusals = []
    try_again(office.held, notice.id)
    office.run(mail)
    assert office.state(notice) == "delivered"
    assert given_up(office.held) == []
    with pytest.raises(NotGivenUp):
        try_again(office.held, notice.id)


def test_in_an_emergency_the_next_channel_is_tried_within_seconds(office: Office) -> None:
    office.person("t-1", "smtp", "webhook")
    office.notice("t-1", "emergency")
    webhook = Recording("webhook")
    office.run_all(Recording("smtp", refusal()), webhook)
    assert [line[2] for line in office.ledger()] == ["delivered", *["failed"] * 3, "delivered"]
    assert len(webhook.sent) == 1


def test_a_channel_that_says_slow_down_is_left_alone_by_everybody(office: Office) -> None:
    case_wait = 90.0
    shared = '[{"channel": "wecom", "address": "same"}]'
    for staff in ("t-1", "t-2"):
        office.person(staff)
    office.held.execute("UPDATE notifications.people SET channels = %s", [shared])
    bot = Recording("wecom", refusal("slow_down", "45009", wait_seconds=case_wait), None)
    office.notice("t-1")
    office.run(bot)
    office.notice("t-2")
    office.run(bot)
    assert not bot.sent
    assert ("t-1", "wecom", "slowed", "45009") in office.ledger()
    due = sorted(job["scheduled_at"] for job in office.waiting_jobs())
    assert due[0] == NOON + timedelta(seconds=case_wait)
    assert due[1] >= due[0]


def test_more_than_the_limit_waits_for_its_turn(office: Office) -> None:
    office.limits = {"wecom": Limit(6, burst=2)}
    office.person("t-1", "wecom")
    bot = Recording("wecom")
    for _ in range(5):
        office.notice("t-1")
    office.run(bot)
    assert len(bot.sent) == 2
    waits = sorted((job["scheduled_at"] - NOON).total_seconds() for job in office.waiting_jobs())
    assert waits == [10, 20, 30]
    office.run_all(bot)
    assert len(bot.sent) == 5


def test_one_address_s_turn_does_not_make_another_wait(office: Office) -> None:
    pace = Pace({"wecom": Limit(6, burst=1)})
    assert pace.slot(office.held, "wecom", "a", NOON) is None
    assert pace.slot(office.held, "wecom", "b", NOON) is None
    assert pace.slot(office.held, "wecom", "a", NOON) == NOON + timedelta(seconds=10)
    assert pace.slot(office.held, "wecom", "a", NOON + timedelta(minutes=5)) is None
    keys = [row["key"] for row in office.rows("SELECT key FROM notifications.pace")]
    assert all("@" not in key and len(key) > 20 for key in keys)


def test_a_channel_that_fails_in_our_own_code_is_a_failed_attempt(office: Office) -> None:
    office.person("t-1", "smtp")
    office.notice("t-1")
    office.run_all(Recording("smtp", ZeroDivisionError("小芳"), None))
    assert office.ledger()[1] == ("t-1", "smtp", "failed", "fault")
    assert "小芳" not in str(office.rows("SELECT * FROM notifications.deliveries"))


def test_a_template_with_an_undefined_name_is_told_and_plain_words_go_out(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "zh").mkdir()
    broken = "{% block title %}{{ nobody_knows }}{% endblock %}{% block body %}{% endblock %}"
    (tmp_path / "zh" / "missed.j2").write_text(broken, encoding="utf-8")
    office.renderer = Renderer(own=tmp_path)
    office.person("t-1", "smtp")
    mail = Recording("smtp")
    office.notice("t-1")
    with capture_logs() as logs:
        office.run(mail)
    assert mail.sent[0][1].title == "有一条通知"
    assert office.ledger()[1] == ("t-1", "smtp", "delivered", "template")
    (detail, _) = (row["detail"] for row in office.rows("SELECT * FROM notifications.deliveries"))
    assert detail == "'nobody_knows' is undefined"
    assert any(e["event"] == "template_failed" and e["template"] == "missed" for e in logs)


def test_a_crash_between_sending_and_the_next_job_sends_nothing_twice(office: Office) -> None:
    """The ledger and the next job are one transaction, so the attempt that ran again is known."""
    office.person("t-1", "smtp")
    mail = Recording("smtp", refusal(), None)
    office.notice("t-1")
    office.run(mail)
    office.held.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, priority)"
        ' SELECT queue_name, task_name, args || \'{"number": 2, "tries": 0}\', 0'
        " FROM procrastinate_jobs WHERE status = 'todo' AND args ? 'hearer'"
    )
    office.run(mail)
    assert not mail.sent
    assert len(office.ledger()) == 2


def test_a_notice_whose_job_was_lost_is_found_again(office: Office) -> None:
    office.notice("t-1")
    office.held.execute("DELETE FROM procrastinate_jobs")
    assert requeue_forgotten(office.held) == 0
    office.held.execute("UPDATE notifications.notices SET created_at = now() - interval '1 hour'")
    assert requeue_forgotten(office.held) == 1
    office.run()
    assert len(office.items()) == 1


def test_every_line_of_the_ledger_is_published_without_words(office: Office) -> None:
    published = office.publisher = Published()
    office.person("t-1", "smtp")
    office.notice("t-1")
    office.run(Recording("smtp"))
    office.run(Recording("smtp"))
    results = sorted(published.results, key=lambda result: result.id)
    assert [(r.channel, r.outcome) for r in results] == [
        ("in_app", "delivered"),
        ("smtp", "delivered"),
    ]
    assert "title" not in str(results)


def test_wecom_s_own_limit_is_below_what_wecom_allows() -> None:
    from services.notifications.delivering.pacing import LIMITS

    assert LIMITS[WeCom.name].per_minute < 20
