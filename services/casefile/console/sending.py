"""Replies of the console: HTML that nobody keeps and nothing outside may touch, files, pictures."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.concurrency import iterate_in_threadpool
from starlette.types import Send

from services.casefile.api.problems import Pairs
from services.casefile.console.front import LANGUAGE
from services.casefile.console.page import Drawn
from services.casefile.console.sessions import COOKIE, SECONDS
from services.casefile.console.visit import Visit

CSP = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A picture brings its own style, and is shown in <img>, where no script of it runs.
CSP_OF_PICTURE = b"default-src 'none'; style-src 'unsafe-inline'"
GUARDED: Pairs = [
    (b"content-security-policy", CSP),
    # `no-referrer` would make the Origin of our own forms `null`.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"vary", b"Cookie, Accept-Language"),
]
YEAR = 365 * 24 * 3600


@dataclass
class Reply:
    """An answer, ready to be sent; a body in parts is made while it is sent."""

    status: int
    headers: Pairs
    body: bytes = b""
    parts: Iterable[bytes] | None = field(default=None)

    async def send(self, send: Send) -> None:
        headers = self.headers
        if self.parts is None:
            headers = [*headers, (b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        async for part in iterate_in_threadpool(self.parts or ()):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": self.body})


def html(shown: tuple[int, bytes], visit: Visit) -> Reply:
    status, body = shown
    headers: Pairs = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-language", b"zh-CN" if visit.exchange.locale == "zh" else b"en"),
        *GUARDED,
        *cookies(visit),
    ]
    return Reply(status, headers, body)


def found_elsewhere(to: str, visit: Visit) -> Reply:
    return Reply(303, [(b"location", to.encode("latin-1")), *GUARDED, *cookies(visit)])


def drawn(picture: Drawn) -> Reply:
    kind = picture.media_type.encode()
    headers = [(b"content-type", kind), (b"content-security-policy", CSP_OF_PICTURE)]
    return Reply(200, headers, picture.body)


def cookies(visit: Visit) -> Pairs:
    """The language that was asked for, and the session that was begun or ended."""
    end = "; Secure" if is_secure(visit) else ""
    found: Pairs = []
    if (spoken := visit.cookies.get("lang")) is not None:
        found.append(cookie(f"{LANGUAGE}={spoken}; Max-Age={YEAR}{end}"))
    if (signed := visit.cookies.get("session")) is not None:
        age = SECONDS if signed else 0
        found.append(cookie(f"{COOKIE}={signed}; Max-Age={age}{end}"))
    return found


def cookie(text: str) -> tuple[bytes, bytes]:
    return b"set-cookie", f"{text}; Path=/; HttpOnly; SameSite=Strict".encode("ascii")


def is_secure(visit: Visit) -> bool:
    """Whether the browser came by https, to us or to a proxy before us."""
    return visit.scheme == "https" or visit.exchange.header(b"x-forwarded-proto") == "https"
