"""Mail, handed in to a real server on this machine."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from services.notifications.channels.channel import ChannelRefused, Rendered
from services.notifications.channels.mail import Mail, Server
from tests.notifications.channels.sending import KEY, WORDS, outcome
from tests.notifications.sinks import certificate

SENDER = "爱心通知 <notices@casefile.example>"


class Box:
    """Takes mail, or answers a recipient with something else."""

    def __init__(self, answer: str = "250 OK", *, hangs: bool = False) -> None:
        self.answer = answer
        self.hangs = hangs
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(self, _s: Any, _e: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802
        if self.hangs:
            await asyncio.sleep(30)
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _s: Any, _e: Any, envelope: Any) -> str:  # noqa: N802
        found = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(found)  # type: ignore[arg-type]
        return "250 OK"


@contextmanager
def served(box: Box, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="localhost", port=port, tls_context=tls)
    controller.start()
    try:
        security = "starttls" if tls is not None else "none"
        yield Server("localhost", SENDER, port, security)  # type: ignore[arg-type]
    finally:
        controller.stop()


def mailed(server: Server, address: str = "li@casefile.example", **given: Any) -> Any:
    words = given.pop("words", WORDS)
    return outcome(Mail(server, **given).send(address, words, KEY))


def test_a_chinese_subject_and_sender_arrive_as_they_were_written() -> None:
    box = Box()
    with served(box) as server:
        assert mailed(server).code == "250"
    (mail,) = box.mails
    assert mail["Subject"] == "标题"
    assert mail["From"].addresses[0].display_name == "爱心通知"
    assert mail["Message-ID"].startswith(f"<{KEY}@")
    assert mail.get_content().splitlines() == ["正文", "", "https://casefile.example/cases/1"]


@pytest.mark.parametrize(
    ("answer", "code", "handling"),
    [
        ("550 no such user", "smtp_550", "never"),
        ("451 try later", "smtp_451", "slow_down"),
        ("454 not now", "smtp_454", "retry"),
        ("421 shutting down", "smtp_421", "slow_down"),
    ],
)
def test_a_server_s_refusal_says_what_can_be_done(answer: str, code: str, handling: str) -> None:
    with served(Box(answer)) as server:
        refusal = mailed(server)
    assert isinstance(refusal, ChannelRefused)
    assert (refusal.code, refusal.handling) == (code, handling)
    assert "casefile.example" not in refusal.detail


def test_a_server_that_hangs_is_not_waited_for() -> None:
    with served(Box(hangs=True)) as server:
        refusal = mailed(server, seconds=0.3)
    assert (refusal.code, refusal.handling) == ("timeout", "retry")


def test_no_server_is_tried_again() -> None:
    with served(Box()) as server:
        pass
    refusal = mailed(server)
    assert (refusal.code, refusal.handling) == ("unreachable", "retry")


def test_a_server_without_encryption_gets_nothing_unless_that_was_set() -> None:
    box = Box()
    with served(box) as plain:
        server = Server("localhost", SENDER, plain.port, "starttls")
        refusal = mailed(server)
    assert (refusal.code, refusal.handling) == ("no_tls", "never")
    assert not box.mails


def test_a_wrong_certificate_is_a_matter_for_a_person() -> None:
    serving, _ = certificate()
    box = Box()
    with served(box, serving) as server:
        refusal = mailed(server)
    assert (refusal.code, refusal.handling) == ("certificate", "never")
    assert not box.mails


def test_a_trusted_certificate_is_taken() -> None:
    serving, trusting = certificate()
    box = Box()
    with served(box, serving) as plain:
        server = Server("localhost", SENDER, plain.port, "starttls", tls=trusting)
        assert mailed(server).code == "250"


@pytest.mark.parametrize("address", ["", "li", "li@", "a@b\r\nBcc: c@d", "a@b, c@d", "@b"])
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    box = Box()
    with served(box) as server:
        refusal = mailed(server, address)
    assert (refusal.code, refusal.handling) == ("address", "never")
    assert not box.mails


def test_a_title_with_line_breaks_makes_no_further_headers() -> None:
    box = Box()
    with served(box) as server:
        mailed(server, words=Rendered("一\r\nBcc: x@y.example", "正文"))
    assert box.mails[0]["Bcc"] is None
