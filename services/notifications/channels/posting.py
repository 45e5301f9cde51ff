"""Posts over HTTP with an end to waiting, and says of every failure what can be done."""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2
import msgspec

from services.notifications.channels.channel import ChannelRefused

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 5.0
LARGEST_ANSWER = 64 * 1024
LONGEST_WAIT = 3600.0
LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
LATER = frozenset((HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY))


def client(tls: ssl.SSLContext | None = None) -> httpx2.AsyncClient:
    """Follows no redirect and takes no proxy from the environment: addresses are secrets."""
    timeout = httpx2.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
    verify: ssl.SSLContext | bool = tls if tls is not None else True
    return httpx2.AsyncClient(timeout=timeout, trust_env=False, verify=verify)


class Poster:
    """One client for all channels; `seconds` is the most that one attempt may take in all."""

    def __init__(self, over: httpx2.AsyncClient, seconds: float = TOTAL_SECONDS) -> None:
        self._client = over
        self._seconds = seconds

    async def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
        """The answer's body, if the status says that it was taken."""
        check_address(url)
        sent = {"content-type": "application/json", **(headers or {})}
        try:
            async with asyncio.timeout(self._seconds):
                status, wait, answer = await self._exchange(url, body, sent)
        except (TimeoutError, httpx2.TimeoutException):
            raise ChannelRefused("timeout", "retry", "no answer in time") from None
        except httpx2.InvalidURL:
            raise ChannelRefused("address", "never", "not an address") from None
        except httpx2.TransportError as error:
            raise _unreachable(error) from None
        _check_status(status, wait)
        return answer

    async def _exchange(
        self, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, float | None, bytes]:
        async with self._client.stream("POST", url, content=body, headers=headers) as response:
            wait = _retry_after(response.headers.get("retry-after"))
            answer = b""
            async for piece in response.aiter_bytes():
                answer += piece
                if len(answer) > LARGEST_ANSWER:
                    raise ChannelRefused("answer_too_large", "retry", "the answer has no end")
            return response.status_code, wait, answer


def check_address(url: str) -> str:
    """Only https, but for this machine: what is sent, and the key in the address, are not public.

    Gives the host.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise ChannelRefused("address", "never", "not an address") from None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        raise ChannelRefused("address", "never", "an https address is needed")
    return host


def read_object(answer: bytes) -> dict[str, object]:
    """A JSON object; a login page of the network in between is none."""
    try:
        return msgspec.json.decode(answer, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ChannelRefused("not_json", "retry", "the answer is not the service's own") from None


def _check_status(status: int, wait: float | None) -> None:
    code = f"http_{status}"
    if 200 <= status < 300:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ChannelRefused(code, "slow_down", "too many requests", wait)
    if status >= 500 or status in LATER:
        raise ChannelRefused(code, "retry", "the service is in trouble", wait)
    if 300 <= status < 400:
        raise ChannelRefused(code, "never", "the address has moved")
    raise ChannelRefused(code, "never", "the service does not take it")


def _unreachable(error: httpx2.TransportError) -> ChannelRefused:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ChannelRefused("certificate", "never", "its certificate is not trusted")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx2.ConnectError):
        return ChannelRefused("unreachable", "retry", "no connection")
    if isinstance(error, httpx2.UnsupportedProtocol):
        return ChannelRefused("address", "never", "not an address")
    return ChannelRefused("broken_off", "retry", "the connection broke")


def _retry_after(value: str | None) -> float | None:
    """Seconds, or a date; what cannot be read is left out."""
    if value is None:
        return None
    try:
        if value.isascii() and value.isdigit():
            return min(float(value), LONGEST_WAIT)
        moment = parsedate_to_datetime(value)
        left = (moment - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(left, 0.0), LONGEST_WAIT)
