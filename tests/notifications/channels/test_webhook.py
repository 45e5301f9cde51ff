"""The signed webhook, checked by the library a receiver would use."""

import pytest
from standardwebhooks import Webhook as Receiver

from services.notifications.channels.webhook import Webhook
from tests.notifications.channels.sending import KEY, refused, sent
from tests.notifications.sinks import sink

OLD, NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_the_receiver_can_verify_what_it_gets() -> None:
    with sink() as receiver:
        sent(Webhook, f"{receiver.url}#{NEW}")
    request = receiver.received[0]
    content = Receiver(NEW).verify(request.body, request.headers)
    assert content["type"] == "notifications.notice.v1"
    assert content["data"]["title"] == "标题"
    assert content["data"]["kind"] == "missed"
    assert request.headers["webhook-id"] == KEY
    assert NEW not in request.path


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_while_secrets_change_either_one_verifies(secret: str) -> None:
    with sink() as receiver:
        sent(Webhook, f"{receiver.url}#{OLD},{NEW}")
    request = receiver.received[0]
    assert Receiver(secret).verify(request.body, request.headers)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "a,"])
def test_without_a_usable_secret_nothing_is_sent(secret: str) -> None:
    with sink() as receiver:
        refusal = refused(Webhook, f"{receiver.url}#{secret}")
        assert not receiver.received
    assert (refusal.code, refusal.handling) == ("secret", "never")
