"""Who was told of what was owed: on the child's page and on a sheet, whatever notifications does."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest

from services.casefile.api.app import create_app as create_api
from services.casefile.application.clock import system_clock
from services.casefile.console.app import add_console
from services.casefile.console.notices import SAID
from services.casefile.console.notices_client import HttpNotices
from services.casefile.history.obligation_rows import ObligationRow
from services.casefile.history.obligations import ObligationFilter
from services.casefile.history.view import NOW
from services.casefile.labels import labels
from services.casefile.readmodels.pages import open_pool
from services.notifications.policy.intent import Intent
from services.notifications.state import notices
from services.notifications.state.connections import Connection
from tests.console.asking import Somebody, text_of
from tests.console.county import HOLDERS, County, product, tokens
from tests.console.telling import TOKEN, Telling, Turned, answering, listening, serving
from tests.servers import Database

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


class Missed(NamedTuple):
    """A window of a child that nobody took care of, and how the pages call it."""

    case_id: UUID
    row: ObligationRow

    @property
    def about(self) -> str:
        return f"{self.row.policy}/{self.row.policy_version}/{self.row.rule}/{self.row.window}"

    @property
    def page(self) -> str:
        """The child's page with nothing but the misses of that rule around its window."""
        days = f"since={self.row.starts_on}&until={self.row.ends_on}"
        return f"/cases/{self.case_id}/obligations?rule={self.row.rule}&{days}"

    @property
    def sheet(self) -> str:
        return f"/cases/{self.case_id}/notices"


class Room(NamedTuple):
    """A console, and what it asks for notices."""

    notices: Turned
    inspector: Somebody
    teacher: Somebody
    operator: Somebody
    missed: Missed


@pytest.fixture(scope="module")
def room(console_database: Database, console_folder: Path, county: County) -> Iterator[Room]:
    turned = Turned()
    with (
        closing(product(console_database, console_folder)) as built,
        open_pool(console_database.app) as pool,
    ):
        app = create_api(built, tokens(), pool=pool)
        add_console(app, built, pool, tokens(), console_folder / "session.key", turned)
        people = [Somebody(app, role) for role in ("inspector", "teacher")]
        operator = Somebody(app, None)
        operator.client.headers["authorization"] = "Bearer token-of-operator"
        roster = people[0].read("/roster?limit=200")
        for case in sorted(set(re.findall(r"/cases/([0-9a-f-]{36})", roster))):
            asked = ObligationFilter(states=("missed",), obligor="staff")
            page = built.obligations.of(UUID(case), NOW, system_clock(), asked=asked, limit=1)
            if page.rows:
                yield Room(turned, *people, operator, Missed(UUID(case), page.rows[0]))
                return
    raise AssertionError("nothing was missed in this county")


@pytest.fixture
def telling(held: Connection, room: Room) -> Telling:
    return Telling(held, room.missed.case_id, room.missed.row, system_clock())


@pytest.fixture
def beside(room: Room, notifications_database: str) -> Iterator[str]:
    """The real service, asked as Casefile asks it."""
    with serving(notifications_database) as address:
        room.notices.to = HttpNotices(address, lambda: TOKEN)
        yield address


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


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n", "not_let_in"),
        (b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n", "strange"),
        (b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", "away"),
        (
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n",
            "strange",
        ),
        (OK + b"content-length: 4\r\n\r\n<ht>", "strange"),
        (OK + b'content-length: 13\r\n\r\n{"rows":[{}]}', "strange"),
        (OK + b"content-length: 400\r\n\r\n{", "away"),
        (b"\x00\xff garbage\r\n", "away"),
        (b"", "away"),
    ],
    ids=["401", "500", "503", "302", "not json", "not a page", "cut off", "not http", "hung up"],
)
def test_whatever_notifications_answers_the_page_is_there_with_one_sentence_instead(
    room: Room, answer: bytes, said: str
):
    with answering(answer) as (address, _):
        room.notices.to = HttpNotices(address, lambda: TOKEN)

        page = room.inspector.read(room.missed.page)
        sheet = room.inspector.read(room.missed.sheet)
        file = room.inspector.get(f"{room.missed.sheet}.csv")

    sentence = labels("zh").text(SAID[said])
    assert page.count(sentence) == sheet.count(sentence) == 1
    assert room.missed.row.title in page
    assert "没有相关通知" not in page
    assert file.status_code == 503
    assert "现在读不到谁被告知了什么" in file.text


def test_where_nobody_listens_the_page_says_so(room: Room):
    with listening() as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
    room.notices.to = HttpNotices(address, lambda: TOKEN)

    assert labels("zh").text(SAID["away"]) in room.inspector.read(room.missed.page)


def test_one_that_never_answers_is_asked_once_and_then_left_alone(room: Room):
    with answering(None) as (address, asked):
        room.notices.to = HttpNotices(address, lambda: TOKEN)

        pages = [room.inspector.read(room.missed.page) for _ in range(3)]

    assert all(labels("zh").text(SAID["away"]) in page for page in pages)
    assert len(asked) == 1


def test_the_reader_is_named_and_the_token_is_sent(room: Room):
    with answering(OK + b'content-length: 23\r\n\r\n{"rows":[],"next":null}') as (address, asked):
        room.notices.to = HttpNotices(f"{address}/", lambda: TOKEN)
        room.inspector.read(room.missed.page)

    [question] = asked
    assert f"/v1/ledger/cases/{room.missed.case_id}?reader=i-demo".encode() in question
    assert f"Bearer {TOKEN}".encode() in question


def test_the_first_page_of_the_file_asks_nobody(room: Room):
    with answering(None) as (address, asked):
        room.notices.to = HttpNotices(address, lambda: TOKEN)
        room.inspector.read(f"/cases/{room.missed.case_id}")
        room.inspector.get(f"/cases/{room.missed.case_id}/obligations.csv")

    assert asked == []


def test_where_no_service_is_connected_the_page_says_how_to_connect_one(
    inspector: Somebody, county: County
):
    for part in ("obligations", "notices"):
        page = inspector.read(f"/cases/{county.case_id}/{part}")
        assert "CASEFILE_NOTIFICATIONS_URL" in page


@pytest.mark.parametrize("wrong", ["about=a", "cursor=7", "limit=0"])
def test_a_sheet_that_cannot_be_is_refused(room: Room, wrong: str):
    assert room.inspector.get(f"{room.missed.sheet}?{wrong}").status_code == 422


def test_every_sentence_has_its_chinese():
    words = labels("zh")

    assert [said for said in SAID.values() if not words.has("", said)] == []
