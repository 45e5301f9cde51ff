"""What the fault proxy can do to a request or an answer, and to which of them."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum

PATIENCE = 30.0
Action = Callable[[bytes, int], Awaitable[bytes | None]]


class ApiKey(IntEnum):
    """The requests that matter here, by Kafka's numbers."""

    PRODUCE = 0
    FETCH = 1
    LIST_OFFSETS = 2
    METADATA = 3
    FIND_COORDINATOR = 10
    INIT_PRODUCER_ID = 22
    ADD_PARTITIONS_TO_TXN = 24
    END_TXN = 26


class Cut(Exception):
    """The connection ends here."""


async def drop(_message: bytes, _version: int) -> None:
    """It is lost; the connection stays."""


async def cut(_message: bytes, _version: int) -> None:
    """The connection breaks."""
    raise Cut


def delayed(seconds: float) -> Action:
    async def action(message: bytes, _version: int) -> bytes:
        await asyncio.sleep(seconds)
        return message

    return action


def rewritten(rewriting: Callable[[bytes, int], bytes]) -> Action:
    """`rewriting(message, api_version)` gives what arrives instead; the size before it is ours."""

    async def action(message: bytes, version: int) -> bytes:
        return rewriting(message, version)

    return action


@dataclass(slots=True)
class Fault:
    """What happens to the n-th matching message and to the ones after it, `times` in all."""

    api: ApiKey
    on_answer: bool
    action: Action
    nth: int
    times: int
    seen: int = 0
    happened: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def hits(self, api: int, *, on_answer: bool) -> bool:
        if api != self.api or on_answer is not self.on_answer:
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times

    def wait(self, timeout: float = PATIENCE) -> None:
        """Returns when it happens; asked again, when it happens again."""
        assert self.happened.acquire(timeout=timeout), f"{self.api.name} did not come"
