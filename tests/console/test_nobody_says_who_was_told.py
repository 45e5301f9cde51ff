"""Where notifications is away, slow, wrong or not asked: the page is there with one sentence instead."""

import pytest

from services.casefile.console.notices import SAID
from services.casefile.console.notices_client import HttpNotices
from services.casefile.labels import labels
from tests.console.asking import Somebody
from tests.console.county import County
from tests.console.room import OK, Room, beside, room, telling
from tests.console.telling import TOKEN, answering, listening

__all__ = ["beside", "room", "telling"]


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
