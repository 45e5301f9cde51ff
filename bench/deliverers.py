"""A worker that delivers, with a channel that only writes down what reached it, and when."""

import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from services.notifications.channels.channel import Channel, Rendered, Sent
from services.notifications.delivering.attempting import Attempting
from services.notifications.delivering.rendering import Renderer
from services.notifications.delivering.telling import Books, Telling
from services.notifications.delivering.worker import Delivery
from services.notifications.policy.people import Person
from services.notifications.policy.reading import default_ladder
from services.notifications.policy.timing import Timing
from services.notifications.state.connections import open_pool


class Noting:
    """Takes everything: the first moment of each notice, and how often each address was reached."""

    name, in_group = "webhook", False

    def __init__(self) -> None:
        self.first: dict[str, float] = {}
        self.reached: Counter[str] = Counter()

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:
        moment = time.perf_counter()
        self.reached[address] += 1
        notices: Any = rendered.data["notices"]
        for notice in notices:
            self.first.setdefault(notice, moment)
        return Sent()


class Always(Timing):
    """No hour is quiet: the bars hold outside of quiet hours."""

    def next_allowed(self, person: Person, now: datetime) -> datetime:
        return now


async def deliver(address: str, channel: Channel, *, wait: bool) -> None:
    """With `wait` until it is cancelled; without, until nothing is left to do."""
    renderer, books = Renderer(), Books()
    with open_pool(address, 9) as pool:
        telling = Telling(renderer, books, utc_now)
        channels = {channel.name: channel}
        timing = Always(default_ladder())
        attempting = Attempting(pool, channels, renderer, books, timing, utc_now)
        await Delivery(address, pool, telling, attempting).run(signals=False, wait=wait)


def utc_now() -> datetime:
    return datetime.now(UTC)
