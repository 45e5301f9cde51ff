"""Who was told of what was owed: on the child's page and on a sheet, whatever notifications does."""

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

from services.casefile.application.clock import system_clock
from services.notifications.policy.intent import Intent
from services.notifications.state import notices
from tests.console.asking import text_of
from tests.console.county import HOLDERS
from tests.console.room import Room, beside, room, telling
from tests.console.telling import Telling

__all__ = ["beside", "room", "telling"]


def told_rows(page: str) -> str:
    """What stands beneath the windows, in words."""
    return text_of(" ".join(re.findall(r'<tr class="told">.*?</tr>', page, re.DOTALL)))


def test_beneath_a_miss_stands_who_was_told_through_what_and_what_came_of_it(
    room: Room, telling: Telling, beside: str
):
    telling.miss()
    telling.attempt("t-101", "failed", code="timeout")
    telling.attempt("t-101", "delivered", attempt=2)
    telling.attempt("lead-1", "gave_up", channel="-", code="no_address")

    told = told_rows(room.inspector.read(room.missed.page))

    assert "漏办 t-101" in told
    assert "邮件 失败，将重试 timeout" in told
    assert "邮件 已送达" in told
    assert "逐级上报：仍未补上 lead-1" in told
    assert "已放弃 no_address" in told
    assert "待通知 不早于" in told


def test_an_escalation_that_was_stopped_says_so_and_the_correction_stands_beside_it(
    room: Room, telling: Telling, beside: str
):
    telling.miss()
    telling.attempt("t-101", "delivered")
    telling.make_good()

    told = told_rows(room.inspector.read(room.missed.page))

    assert re.search(r"逐级上报：仍未补上 lead-1 已停止，无需再通知 停止于 \d{4}", told)
    assert "更正：已补上 t-101" in told
    assert "更正：已补上 lead-1" not in told


def test_the_sheet_has_every_attempt_and_is_also_a_file(room: Room, telling: Telling, beside: str):
    telling.miss()
    telling.attempt("t-101", "failed", code="timeout")
    telling.attempt("t-101", "delivered", attempt=2)

    page = text_of(room.inspector.read(f"{room.missed.sheet}?about={room.missed.about}"))
    answer = room.inspector.get(f"{room.missed.sheet}.csv?lang=zh")

    assert page.count("t-101") >= 4
    assert "失败，将重试" in page
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    tried = [line for line in lines if "t-101" in line]
    assert ["timeout" in line for line in tried] == [True, False]
    for ending in ("json", "xlsx", "pdf"):
        assert room.inspector.get(f"{room.missed.sheet}.{ending}").status_code == 200


def test_the_sheet_goes_on_page_by_page(room: Room, telling: Telling, beside: str):
    telling.miss()
    path, seen = f"{room.missed.sheet}?limit=2", []
    while path:
        page = room.inspector.read(path)
        seen += re.findall(r"<th scope=\"row\"", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""

    assert (
        len(seen)
        == telling.held.execute("SELECT count(*) FROM notifications.notices").fetchone()[0]
    )


def test_of_another_child_in_the_same_digest_nothing_is_shown(
    room: Room, telling: Telling, beside: str
):
    telling.miss()
    other = uuid4()
    telling.attempt("t-101", "delivered", other)

    for path in (room.missed.page, room.missed.sheet, f"{room.missed.sheet}.json"):
        assert str(other) not in room.inspector.get(path).text


def test_what_was_told_later_is_not_shown_as_known_before(
    room: Room, telling: Telling, beside: str
):
    telling.miss()
    telling.attempt("t-101", "delivered")
    yesterday = (system_clock() - timedelta(days=1)).date()

    page = room.inspector.read(f"{room.missed.page}&known_at={yesterday}")
    sheet = room.inspector.read(f"{room.missed.sheet}?known_at={yesterday}")

    assert "只显示所看时点之前" in page
    assert "t-101" not in told_rows(page)
    assert "t-101" not in sheet
    assert "t-101" in room.inspector.read(room.missed.sheet)


def test_a_miss_nobody_was_told_of_says_so(room: Room, beside: str):
    assert "没有相关通知" in told_rows(room.inspector.read(room.missed.page))


def test_whom_a_report_names_is_shown_nothing_and_the_page_is_there(
    room: Room, telling: Telling, beside: str
):
    telling.miss()
    telling.held.execute(
        "INSERT INTO notifications.hidden VALUES (gen_random_uuid(), %s, %s)",
        [room.missed.case_id, HOLDERS["teacher"].staff],
    )

    page = room.teacher.read(room.missed.page)

    assert "不向您显示" in page
    assert "lead-1" not in page
    assert "lead-1" in room.inspector.read(room.missed.page)


def test_what_was_told_of_a_finding_is_seen_by_those_who_inspect_only(
    room: Room, telling: Telling, beside: str
):
    told = Intent(
        kind="finding", dedup="i/finding/f|raised", case_id=room.missed.case_id, staff=("t-109",)
    )
    notices.write(telling.held, [told])

    assert "检查发现问题" in room.inspector.read(room.missed.sheet)
    assert "t-109" not in room.teacher.read(room.missed.sheet)


def test_who_may_not_read_the_file_does_not_read_who_was_told(room: Room, beside: str):
    assert room.operator.get(room.missed.sheet).status_code == 403
    assert room.operator.get(f"{room.missed.sheet}.csv").status_code == 403
