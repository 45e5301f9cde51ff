"""The bots of WeCom, DingTalk and Feishu: 200 is not yet a yes."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.channels.bots import Bot, DingTalk, Feishu, WeCom
from services.notifications.channels.channel import Rendered
from services.notifications.channels.clipping import as_text, clip
from tests.notifications.channels.sending import refused, sent
from tests.notifications.sinks import Answer, code, sink


def at(clock: float, bot: type[Bot]) -> Any:
    return lambda poster: bot(poster, clock=lambda: clock)


@pytest.mark.parametrize(
    ("bot", "answer", "named", "handling"),
    [
        (WeCom, code(errcode=93000), "93000", "never"),
        (WeCom, code(errcode=40058), "40058", "never"),
        (WeCom, code(errcode=-1), "-1", "retry"),
        (WeCom, code(errcode=45009), "45009", "slow_down"),
        (DingTalk, code(errcode=310000), "310000", "never"),
        (DingTalk, code(errcode=130101), "130101", "slow_down"),
        (DingTalk, code(errcode=-1), "-1", "retry"),
        (Feishu, code(code=19021), "19021", "never"),
        (Feishu, code(code=9499), "9499", "slow_down"),
        (Feishu, code(StatusCode=19024), "19024", "never"),
        (WeCom, code(), "no_code", "retry"),
        (WeCom, code(errcode="0"), "0", "never"),
        (Feishu, Answer(body=b"<html>log in to the network</html>"), "not_json", "retry"),
        (DingTalk, Answer(body=b"[]"), "not_json", "retry"),
        (DingTalk, Answer(body=b"\xff"), "not_json", "retry"),
    ],
)
def test_an_answer_of_200_with_an_error_in_it_is_a_refusal(
    bot: type[Bot], answer: Answer, named: str, handling: str
) -> None:
    with sink(answer) as receiver:
        refusal = refused(bot, receiver.url)
    assert (refusal.code, refusal.handling) == (named, handling)


@pytest.mark.parametrize(
    ("bot", "answer"),
    [(WeCom, code(errcode=0)), (DingTalk, code(errcode=0)), (Feishu, code(code=0)),
     (Feishu, code(StatusCode=0))],
)  # fmt: skip
def test_zero_is_a_yes(bot: type[Bot], answer: Answer) -> None:
    with sink(answer) as receiver:
        assert sent(bot, receiver.url).code == "ok"


def test_wecom_is_sent_no_more_bytes_than_it_takes() -> None:
    words = Rendered("标题", "字" * 2000, "https://casefile.example/cases/1")
    with sink(code(errcode=0)) as receiver:
        sent(WeCom, receiver.url, words)
    content = receiver.received[0].json["text"]["content"]
    assert 2040 <= len(content.encode()) <= 2048
    assert content.startswith("标题\n字字")
    assert content.endswith("…\nhttps://casefile.example/cases/1")


@given(st.text(), st.integers(min_value=0, max_value=200))
def test_clipped_text_fits_and_is_a_beginning(text: str, most: int) -> None:
    clipped = clip(text, most)
    assert len(clipped.encode()) <= most
    assert text.startswith(clipped.removesuffix("…")) or clipped == text


@given(st.text(), st.text())
def test_the_link_is_never_clipped(title: str, body: str) -> None:
    link = "https://casefile.example/cases/1"
    assert as_text(Rendered(title, body, link), 100).endswith(f"\n{link}")


def test_dingtalk_signs_the_moment_with_the_secret() -> None:
    with sink(code(errcode=0)) as receiver:
        sent(at(1_700_000_000.123, DingTalk), f"{receiver.url}#SECabc")
    asked = parse_qs(urlsplit(receiver.received[0].path).query)
    expected = hmac.new(b"SECabc", b"1700000000123\nSECabc", hashlib.sha256).digest()
    assert asked["timestamp"] == ["1700000000123"]
    assert base64.b64decode(asked["sign"][0]) == expected
    assert "SECabc" not in receiver.received[0].path


def test_feishu_signs_with_the_moment_as_part_of_the_key() -> None:
    with sink(code(code=0)) as receiver:
        sent(at(1_700_000_000.9, Feishu), f"{receiver.url}#s")
    body = receiver.received[0].json
    expected = hmac.new(b"1700000000\ns", b"", hashlib.sha256).digest()
    assert body["timestamp"] == "1700000000"
    assert base64.b64decode(body["sign"]) == expected
    assert body["content"]["text"].startswith("标题")


def test_without_a_secret_nothing_is_signed() -> None:
    with sink(code(errcode=0, code=0)) as receiver:
        sent(DingTalk, receiver.url)
        sent(Feishu, receiver.url)
    assert "sign" not in receiver.received[0].path
    assert "sign" not in receiver.received[1].json


def test_every_bot_speaks_to_a_group() -> None:
    assert all(bot.in_group for bot in (WeCom, DingTalk, Feishu))
