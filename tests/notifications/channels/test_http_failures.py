"""What every channel over HTTP makes of an answer that is none, or a bad one."""

import socket

import pytest

from services.notifications.channels.bots import DingTalk, Feishu, WeCom
from services.notifications.channels.webhook import Webhook
from tests.notifications.channels.sending import Make, refused, sent
from tests.notifications.sinks import Answer, certificate, code, sink

SECRET = "#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CHANNELS = [WeCom, DingTalk, Feishu, Webhook]
OK = Answer(body=b'{"errcode": 0, "code": 0}')

every_channel = pytest.mark.parametrize("make", CHANNELS, ids=lambda c: c.name)


@every_channel
@pytest.mark.parametrize(
    ("status", "handling"),
    [(500, "retry"), (503, "retry"), (408, "retry"), (429, "slow_down"), (404, "never"),
     (410, "never"), (401, "never"), (302, "never")],
)  # fmt: skip
def test_a_status_that_is_not_well_says_what_can_be_done(
    make: Make, status: int, handling: str
) -> None:
    with sink(Answer(status=status, headers={"location": "http://localhost:1/"})) as receiver:
        refusal = refused(make, receiver.url + SECRET)
    assert (refusal.code, refusal.handling) == (f"http_{status}", handling)


@every_channel
def test_too_many_requests_says_how_long_to_wait(make: Make) -> None:
    with sink(Answer(status=429, headers={"retry-after": "17"})) as receiver:
        assert refused(make, receiver.url + SECRET).wait_seconds == 17


@pytest.mark.parametrize(
    ("value", "seconds"), [("99999999", 3600), ("soon", None), ("-3", None), ("²", None)]
)
def test_a_wait_that_makes_no_sense_is_not_taken_for_one(value: str, seconds: float | None) -> None:
    header = value.encode().decode("latin-1")
    with sink(Answer(status=429, headers={"retry-after": header})) as receiver:
        assert refused(WeCom, receiver.url).wait_seconds == seconds


@every_channel
def test_a_service_that_hangs_is_not_waited_for(make: Make) -> None:
    with sink(Answer(hangs=True)) as receiver:
        refusal = refused(make, receiver.url + SECRET, seconds=0.2)
    assert (refusal.code, refusal.handling) == ("timeout", "retry")


def test_an_answer_that_drips_has_an_end_too() -> None:
    with sink(Answer(drips=True)) as receiver:
        assert refused(WeCom, receiver.url, seconds=0.3).code == "timeout"


def test_an_answer_without_end_is_not_read_to_the_end() -> None:
    with sink(Answer(body=b" " * 200_000)) as receiver:
        assert refused(WeCom, receiver.url).code == "answer_too_large"


@every_channel
def test_a_wrong_certificate_is_a_matter_for_a_person(make: Make) -> None:
    serving, _ = certificate()
    _, trusting_another = certificate()
    with sink(OK, tls=serving) as receiver:
        refusal = refused(make, receiver.url + SECRET, tls=trusting_another)
        assert not receiver.received
    assert (refusal.code, refusal.handling) == ("certificate", "never")


@every_channel
def test_a_certificate_that_is_trusted_is_taken(make: Make) -> None:
    serving, trusting = certificate()
    with sink(OK, tls=serving) as receiver:
        sent(make, receiver.url + SECRET, tls=trusting)
        assert len(receiver.received) == 1


@every_channel
def test_nobody_there_is_tried_again(make: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        refusal = refused(make, f"http://localhost:{port}/{SECRET}")
    assert (refusal.code, refusal.handling) == ("unreachable", "retry")


@every_channel
def test_a_connection_that_breaks_is_tried_again(make: Make) -> None:
    with sink(Answer(breaks=True)) as receiver:
        refusal = refused(make, receiver.url + SECRET)
    assert (refusal.code, refusal.handling) == ("broken_off", "retry")


@pytest.mark.parametrize(
    "address",
    ["", "no address", "http://example.com/x", "ftp://localhost/x", "http://[::1", "file:///etc/x"],
)
def test_what_is_no_https_address_is_never_called(address: str) -> None:
    for make in CHANNELS:
        refusal = refused(make, address + SECRET)
        assert (refusal.code, refusal.handling) == ("address", "never")


def test_a_bot_is_only_looked_for_at_its_own_service() -> None:
    assert refused(WeCom, "https://qyapi.weixin.qq.com.evil.example/send").code == "address"
    with sink(code(errcode=0)) as receiver:
        sent(WeCom, receiver.url)


def test_a_refusal_repeats_neither_the_address_nor_what_the_service_wrote() -> None:
    with sink(code(errcode=40058, errmsg="小芳 key=k")) as receiver:
        refusal = refused(WeCom, receiver.url)
    told = f"{refusal} {refusal.code} {refusal.detail}"
    assert "小芳" not in told
    assert "key=k" not in told
