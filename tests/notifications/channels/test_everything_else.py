"""Apprise, for what is not one of our own channels."""

import pytest

from services.notifications.channels.channel import ChannelRefused
from services.notifications.channels.everything_else import EverythingElse
from tests.notifications.channels.sending import KEY, WORDS, outcome
from tests.notifications.sinks import Answer, sink

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def sent_to(address: str, seconds: float = 8.0):
    return outcome(EverythingElse(seconds).send(address, WORDS, KEY))


def test_it_reaches_a_service_and_says_that_it_believes_the_status() -> None:
    with sink() as receiver:
        taken = sent_to(receiver.url.replace("http", "json"))
        assert taken.code == "unchecked"
    assert receiver.received[0].json["title"] == "标题"


def test_a_failure_of_the_service_is_a_failure() -> None:
    with sink(Answer(status=500)) as receiver:
        refusal = sent_to(receiver.url.replace("http", "json"))
    assert isinstance(refusal, ChannelRefused)
    assert (refusal.code, refusal.handling) == ("not_taken", "retry")


def test_a_service_that_hangs_is_not_waited_for() -> None:
    with sink(Answer(hangs=True)) as receiver:
        refusal = sent_to(receiver.url.replace("http", "json") + "&cto=0.2&rto=0.2", 2.0)
    assert refusal.handling == "retry"


def test_the_services_whose_refusals_it_overlooks_are_not_used_through_it() -> None:
    for address in ("wecombot://key", "dingtalk://token", "feishu://token", "lark://token"):
        assert sent_to(address).code == "address"


def test_nothing_on_this_machine_is_run_or_written() -> None:
    for address in ("syslog://", "dbus://", "windows://", "nonsense://x", ""):
        assert sent_to(address).code == "address"
