"""A signed webhook, as Standard Webhooks has it."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from standardwebhooks import Webhook as Signature
from standardwebhooks.webhooks import EmptyWebhookSecretError

from services.notifications.channels.channel import ChannelRefused, Rendered, Sent
from services.notifications.channels.posting import Poster

TYPE = "notifications.notice.v1"


class Webhook:
    """`https://…#whsec_…`; during a change of secrets both, with a comma between them."""

    name = "webhook"
    in_group = False

    def __init__(
        self, poster: Poster, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._poster = poster
        self._now = now

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:
        url, _, secrets = address.partition("#")
        moment = self._now()
        content = {
            "type": TYPE,
            "timestamp": moment.isoformat(),
            "data": {
                "title": rendered.title,
                "body": rendered.body,
                "link": rendered.link,
                **rendered.data,
            },
        }
        body = msgspec.json.encode(content).decode()
        headers = {
            "webhook-id": idempotency_key,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": _signatures(secrets, idempotency_key, moment, body),
        }
        await self._poster.post(url, body.encode(), headers)
        return Sent()


def _signatures(secrets: str, key: str, moment: datetime, body: str) -> str:
    try:
        return " ".join(Signature(each).sign(key, moment, body) for each in secrets.split(","))
    except EmptyWebhookSecretError:
        raise ChannelRefused("secret", "never", "the secret is missing") from None
    except (ValueError, RuntimeError):
        raise ChannelRefused("secret", "never", "the secret is missing or not base64") from None
