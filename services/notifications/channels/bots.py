"""The group bots of WeCom, DingTalk and Feishu. All three answer 200 to what they refuse."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Collection
from urllib.parse import quote

import msgspec

from services.notifications.channels.channel import ChannelRefused, Handling, Rendered, Sent
from services.notifications.channels.clipping import as_text
from services.notifications.channels.posting import (
    LOOPBACK,
    Poster,
    check_address,
    read_object,
)

Clock = Callable[[], float]


class Bot:
    """An address is the one the service gives for the bot; `#…` after it is the bot's secret.

    `hosts`: further hosts that are taken for the service's own, such as an installation on site.
    """

    name = ""
    in_group = True
    host = ""
    most_bytes = 2048
    handling: dict[str, Handling] = {}  # noqa: RUF012

    def __init__(
        self, poster: Poster, hosts: Collection[str] = (), clock: Clock = time.time
    ) -> None:
        self._poster = poster
        self._hosts = {self.host, *hosts, *LOOPBACK}
        self._clock = clock

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:  # noqa: ARG002
        url, _, secret = address.partition("#")
        if check_address(url) not in self._hosts:
            raise ChannelRefused("address", "never", f"not an address of {self.name}")
        text = as_text(rendered, self.most_bytes)
        url, content = self._signed(url, secret, self._content(text))
        answer = read_object(await self._poster.post(url, msgspec.json.encode(content)))
        return self._taken(answer)

    def _content(self, text: str) -> dict[str, object]:
        return {"msgtype": "text", "text": {"content": text}}

    def _signed(
        self, url: str, _secret: str, content: dict[str, object]
    ) -> tuple[str, dict[str, object]]:
        return url, content

    def _code(self, answer: dict[str, object]) -> object:
        return answer.get("errcode")

    def _taken(self, answer: dict[str, object]) -> Sent:
        code = self._code(answer)
        if code is None:
            raise ChannelRefused("no_code", "retry", "the answer says neither yes nor no")
        if code == 0:
            return Sent()
        named = str(code)[:20]
        raise ChannelRefused(
            named, self.handling.get(named, "never"), f"{self.name} answered 200 with this code"
        )


class WeCom(Bot):
    """企业微信群机器人: 20 messages a minute, 2048 bytes of text."""

    name = "wecom"
    host = "qyapi.weixin.qq.com"
    handling = {"-1": "retry", "45009": "slow_down", "45033": "slow_down"}  # noqa: RUF012


class DingTalk(Bot):
    """钉钉群机器人: 20 messages a minute; the signature goes into the address."""

    name = "dingtalk"
    host = "oapi.dingtalk.com"
    most_bytes = 18_000
    handling = {"-1": "retry", "130101": "slow_down", "410100": "slow_down"}  # noqa: RUF012

    def _signed(
        self, url: str, secret: str, content: dict[str, object]
    ) -> tuple[str, dict[str, object]]:
        if not secret:
            return url, content
        stamp = str(round(self._clock() * 1000))
        sign = quote(_hmac(secret, f"{stamp}\n{secret}"), safe="")
        return f"{url}&timestamp={stamp}&sign={sign}", content


class Feishu(Bot):
    """飞书群机器人: 100 messages a minute, 5 a second; the signature goes into the body."""

    name = "feishu"
    host = "open.feishu.cn"
    most_bytes = 18_000
    handling = {"9499": "slow_down", "11232": "slow_down", "11233": "slow_down"}  # noqa: RUF012

    def _content(self, text: str) -> dict[str, object]:
        return {"msg_type": "text", "content": {"text": text}}

    def _signed(
        self, url: str, secret: str, content: dict[str, object]
    ) -> tuple[str, dict[str, object]]:
        if not secret:
            return url, content
        stamp = str(int(self._clock()))
        return url, {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{secret}", ""), **content}

    def _code(self, answer: dict[str, object]) -> object:
        return answer.get("code", answer.get("StatusCode"))


def _hmac(key: str, message: str) -> str:
    digest = hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
