"""Asks the notifications service over HTTP, for at most two seconds, whatever it does meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
import structlog
import urllib3

from services.casefile.console.notices import (
    SECONDS,
    UNCONNECTED,
    Notice,
    Notices,
    Question,
    Silence,
    Told,
)

CONNECT_SECONDS = 1.0
# After it did not answer in time it is left alone for a moment, so that no page waits in vain.
REST_SECONDS = 5.0
AT_ONCE = 8
MOST_BYTES = 8 * 1024 * 1024
CHUNK = 64 * 1024
SILENT: dict[int, Silence] = {401: "not_let_in", 403: "not_for_you", 503: "away", 504: "away"}
log = structlog.get_logger()


class _Page(msgspec.Struct, frozen=True):
    rows: tuple[Notice, ...]
    next: UUID | None = None


class _TooMuch(Exception):
    """The answer has no end, or does not come to it in time."""


class HttpNotices:
    """The ledger of a case at `/v1/ledger/cases/{case_id}`, read for whoever looks at the page."""

    def __init__(self, address: str, token: Callable[[], str]) -> None:
        self._token = token
        self._address = address.rstrip("/")
        self._http = urllib3.PoolManager(
            maxsize=AT_ONCE,
            # Led elsewhere, the token would go along.
            retries=False,
        )
        self._threads = ThreadPoolExecutor(AT_ONCE, "notices")
        self._rests_until = 0.0

    def page(self, question: Question, seconds: float = SECONDS) -> Told:
        if seconds <= 0 or monotonic() < self._rests_until:
            return Told(silence="away")
        future = self._threads.submit(self._asked, question, monotonic() + seconds)
        try:
            return future.result(seconds)
        except urllib3.exceptions.NewConnectionError as fault:
            # Nobody listens: that is known at once, every time.
            return _silent("away", fault)
        except (TimeoutError, _TooMuch, urllib3.exceptions.TimeoutError) as fault:
            future.cancel()
            self._rests_until = monotonic() + REST_SECONDS
            return _silent("away", fault)
        except (urllib3.exceptions.HTTPError, OSError) as fault:
            return _silent("away", fault)

    def _asked(self, question: Question, until: float) -> Told:
        address = (
            f"{self._address}/v1/ledger/cases/{question.case_id}?{urlencode(_pairs(question))}"
        )
        left = max(0.05, until - monotonic())
        timeout = urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left)
        headers = {"Authorization": f"Bearer {self._token()}", "Accept": "application/json"}
        answer: Any = self._http.request(
            "GET", address, headers=headers, timeout=timeout, preload_content=False
        )
        try:
            body = _whole(answer, until)
        finally:
            answer.release_conn()
        return _read(answer.status, body)


def _pairs(question: Question) -> list[tuple[str, str]]:
    pairs = [("reader", question.reader), ("limit", str(question.limit))]
    pairs += [("findings", "true")] if question.findings else []
    pairs += [("about", each) for each in question.about]
    return pairs if question.after is None else [*pairs, ("after", str(question.after))]


def _whole(answer: Any, until: float) -> bytes:
    body = b""
    while chunk := answer.read1(CHUNK):
        body += chunk
        if len(body) > MOST_BYTES or monotonic() > until:
            answer.close()
            raise _TooMuch
    return body


def _read(status: int, body: bytes) -> Told:
    if status != 200:
        return _silent(SILENT.get(status, "strange"), status=status)
    try:
        page = msgspec.json.decode(body, type=_Page)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        return _silent("strange", fault)
    return Told(page.rows, page.next)


def _silent(silence: Silence, fault: Exception | None = None, status: int | None = None) -> Told:
    """Told to whoever runs this by its class and status; an address might hold a secret."""
    log.warning(
        "notices_unavailable", reason=silence, error=fault and type(fault).__name__, status=status
    )
    return Told(silence=silence)


def connected(address: str | None, token: Callable[[], str]) -> Notices:
    """The service at that address, with a token that may be changed; where none is set, nobody."""
    return HttpNotices(address, token) if address else UNCONNECTED
