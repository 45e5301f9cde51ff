"""What every channel is: it sends, or says why not and whether another try makes sense."""

from typing import Literal, Protocol

import msgspec

# `retry`: it may work later. `never`: a person has to change something. `slow_down`: too much.
Handling = Literal["retry", "never", "slow_down"]

# What a group reads, or may read.
GROUPS = frozenset(("wecom", "dingtalk", "feishu", "apprise"))


class Rendered(msgspec.Struct, frozen=True):
    """The words for one channel. `data` is for machines: codes and ids, nothing that names a child."""

    title: str
    body: str
    link: str | None = None
    data: dict[str, object] = {}


class Sent(msgspec.Struct, frozen=True):
    """The other side has taken it; `code` is what it said."""

    code: str = "ok"


class ChannelRefused(Exception):
    """It was not taken. The code is the other side's own where it has one; no text of theirs."""

    def __init__(
        self, code: str, handling: Handling, detail: str = "", wait_seconds: float | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.handling: Handling = handling
        self.detail = detail
        self.wait_seconds = wait_seconds


class Channel(Protocol):
    """`in_group`: what is sent is read by a group, so it gives a number and a link only."""

    name: str
    in_group: bool

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:
        """Raises ChannelRefused; anything else it raises is a fault of ours."""
        ...
