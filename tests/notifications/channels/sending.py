"""Sends through a channel and gives what came of it."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from services.notifications.channels.channel import Channel, ChannelRefused, Rendered, Sent
from services.notifications.channels.posting import Poster, client

WORDS = Rendered("标题", "正文", "https://casefile.example/cases/1", {"kind": "missed"})
KEY = "018f0000-0000-7000-8000-00000000beef"
Make = Callable[[Poster], Channel]


def sent(
    make: Make,
    address: str,
    words: Rendered = WORDS,
    *,
    tls: ssl.SSLContext | None = None,
    seconds: float = 5.0,
) -> Sent:
    async def send() -> Sent:
        async with client(tls) as over:
            return await make(Poster(over, seconds)).send(address, words, KEY)

    return asyncio.run(send())


def refused(
    make: Make,
    address: str,
    words: Rendered = WORDS,
    *,
    tls: ssl.SSLContext | None = None,
    seconds: float = 5.0,
) -> ChannelRefused:
    try:
        sent(make, address, words, tls=tls, seconds=seconds)
    except ChannelRefused as refusal:
        return refusal
    raise AssertionError("it was taken")


def outcome(sending: Awaitable[Sent]) -> Sent | ChannelRefused:
    async def run() -> Sent | ChannelRefused:
        try:
            return await sending
        except ChannelRefused as refusal:
            return refusal

    return asyncio.run(run())
