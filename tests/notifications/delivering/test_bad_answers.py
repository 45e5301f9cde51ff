"""What a service may answer instead of taking it: each has its line in the ledger, and one in the log."""

import pytest
from structlog.testing import capture_logs

from services.notifications.channels.bots import WeCom
from services.notifications.channels.posting import Poster, client
from services.notifications.channels.webhook import Webhook
from tests.notifications.delivering.office import Office
from tests.notifications.sinks import Answer, certificate, code, sink

SECRET = "#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Hasty:
    """Opens its client where it is used, and waits a short time only."""

    def __init__(self, make, seconds: float = 5.0) -> None:
        self.name, self.in_group = make.name, make.in_group
        self._make, self._seconds = make, seconds

    async def send(self, address, rendered, idempotency_key):
        _, trusting_another = certificate()
        async with client(trusting_another) as over:
            channel = self._make(Poster(over, self._seconds))
            return await channel.send(address, rendered, idempotency_key)


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        (code(errcode=93000, errmsg="invalid webhook url"), "refused", "93000"),
        (code(errcode=45009, errmsg="api freq out of limit"), "slowed", "45009"),
        (Answer(status=429, headers={"retry-after": "17"}), "slowed", "http_429"),
        (Answer(status=500), "failed", "http_500"),
        (Answer(hangs=True), "failed", "timeout"),
        (Answer(breaks=True), "failed", "broken_off"),
    ],
    ids=["200 with an error", "200 with a limit", "429", "500", "hangs", "breaks off"],
)
def test_it_stands_in_the_ledger_with_its_code_and_in_the_log(
    office: Office, answer: Answer, outcome: str, said: str
) -> None:
    with sink(answer) as receiver, capture_logs() as logs:
        reach(office, "wecom", receiver.url)
        office.run(Hasty(WeCom, 0.3 if answer.hangs else 5.0))
    assert office.ledger()[1] == ("t-1", "wecom", outcome, said)
    lines = [line for line in logs if line["event"] == f"delivery_{outcome}"]
    assert [(line["code"], line["log_level"]) for line in lines] == [(said, "warning")]
    assert receiver.url not in str(logs)


def test_a_wrong_certificate_is_refused_and_named(office: Office) -> None:
    serving, _ = certificate()
    with sink(tls=serving) as receiver, capture_logs() as logs:
        reach(office, "webhook", receiver.url + SECRET)
        office.run(Hasty(Webhook))
        assert not receiver.received
    assert ("t-1", "webhook", "refused", "certificate") in office.ledger()
    assert "delivery_refused" in {line["event"] for line in logs}


def reach(office: Office, channel: str, address: str) -> None:
    office.person("t-1")
    told = f'[{{"channel": "{channel}", "address": "{address}"}}]'
    office.held.execute("UPDATE notifications.people SET channels = %s", [told])
    office.notice("t-1")
