"""The feed of the Casefile API: one partition, whose offset is the position in the log."""

from collections.abc import Mapping
from contextlib import suppress

import msgspec
import urllib3

from services.notifications.messages import Incoming, NotReadable, parse_json
from services.notifications.sources.source import Batch, SourceDown, Unreadable

PARTITION = "feed"
POSITION = "Casefile-Position"
CONNECT_SECONDS = 5.0
# Beyond the long poll itself: what an answer may take.
SPARE_SECONDS = 15.0


class FeedSource:
    """Long polls `GET /v1/feed`."""

    name = "feed"

    def __init__(self, address: str, token: str, *, limit: int = 100, wait: int = 20) -> None:
        self._url = f"{address}/v1/feed"
        self._limit = limit
        self._wait = wait
        self._after: int | None = None
        self._pool = urllib3.PoolManager(
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            retries=False,
        )

    def partitions(self) -> frozenset[str]:
        return frozenset((PARTITION,))

    def unstarted(self) -> frozenset[str]:
        return self.partitions() if self._after is None else frozenset()

    def start(self, offsets: Mapping[str, int]) -> None:
        self._after = offsets[PARTITION]

    def batch(self, timeout: float) -> Batch | None:
        if self._after is None:
            return None
        after = self._after
        body, position = self._page(after, min(round(timeout), self._wait))
        messages = [self._read(raw) for raw in _elements(body)]
        reached = max([after, *([position] if position is not None else _positions(messages))])
        if reached == after:
            return None
        self._after = reached
        return Batch(PARTITION, after, reached, messages)

    def stored(self, partition: str, next_offset: int) -> None:
        """Nobody else follows how far this reader is."""

    def close(self) -> None:
        self._pool.clear()

    def _page(self, after: int, wait: int) -> tuple[bytes, int | None]:
        fields = {"after": str(after), "limit": str(self._limit), "wait": str(wait)}
        limits = urllib3.Timeout(connect=CONNECT_SECONDS, read=wait + SPARE_SECONDS)
        try:
            answer = self._pool.request("GET", self._url, fields=fields, timeout=limits)
        except urllib3.exceptions.HTTPError as fault:
            raise SourceDown(reason=type(fault).__name__) from None
        if answer.status != 200:
            raise SourceDown(status=answer.status)
        return answer.data, _number(answer.headers.get(POSITION))

    @staticmethod
    def _read(raw: msgspec.Raw) -> Incoming | Unreadable:
        event = bytes(raw)
        try:
            return parse_json(event)
        except NotReadable as fault:
            return Unreadable(fault.reason, fault.traces, event)


def _elements(body: bytes) -> list[msgspec.Raw]:
    try:
        return msgspec.json.decode(body, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise SourceDown(reason="the page is not a JSON list") from None


def _positions(messages: list[Incoming | Unreadable]) -> list[int]:
    found = (m.position if isinstance(m, Incoming) else m.traces.position for m in messages)
    return [position for position in found if position is not None]


def _number(text: str | None) -> int | None:
    with suppress(ValueError, TypeError):
        return int(text or "")
    return None
