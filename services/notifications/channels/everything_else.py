"""Anything else that Apprise can reach. It believes the HTTP status, so `delivered` says less here."""

import asyncio

from apprise import Apprise, AppriseAsset
from apprise.result import AppriseResultStatus

from services.notifications.channels.channel import ChannelRefused, Rendered, Sent
from services.notifications.channels.clipping import clip

SECONDS = 8.0
MOST_BYTES = 16_000
# These answer 200 to what they refuse, and Apprise takes it for success: use our own channels.
OWN = ("wecombot", "dingtalk", "feishu", "lark")
# These run or write something on this machine.
LOCAL = ("file", "syslog", "macosx", "windows", "gnome", "dbus", "kde", "qt", "glib")


class EverythingElse:
    """The address is Apprise's URL of the service."""

    name = "apprise"
    in_group = True

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:  # noqa: ARG002
        scheme = address.partition(":")[0].lower()
        if scheme in OWN or scheme.startswith(LOCAL):
            raise ChannelRefused("address", "never", "not by way of Apprise")
        services = Apprise(asset=AppriseAsset(secure_logging=True))
        # The first one loads all of its services, which takes a second.
        if not await asyncio.to_thread(services.add, address):
            raise ChannelRefused("address", "never", "Apprise knows no such service")
        link = f"\n{rendered.link}" if rendered.link else ""
        body = clip(rendered.body or rendered.title, MOST_BYTES) + link
        try:
            async with asyncio.timeout(self._seconds):
                result = await services.async_notify(body=body, title=rendered.title)
        except TimeoutError:
            raise ChannelRefused("timeout", "retry", "no answer in time") from None
        if result.status == AppriseResultStatus.TIMEOUT:
            raise ChannelRefused("timeout", "retry", "no answer in time")
        if result.status != AppriseResultStatus.SUCCESS:
            raise ChannelRefused("not_taken", "retry", "Apprise could not deliver it")
        return Sent("unchecked")
