"""The outermost layer: a request id, headers every answer carries, one log line, no stack trace."""

import time
from typing import Any

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.casefile.api.exchange import Exchange, exchange_of
from services.casefile.api.faults import fault
from services.casefile.api.operations import sent
from services.casefile.api.problems import answer_problem
from services.casefile.api.refusals import Broken

ALWAYS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"Accept-Language, Authorization"),
]
CLIENT_LEFT = 499
QUIET = ("/livez", "/readyz", "/v1/feed")
log = structlog.get_logger()


class Edge:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = Passage(exchange_of(scope), send)
        try:
            await self._app(scope, receive, passage.send)
        except ClientDisconnect:
            passage.status = passage.status or CLIENT_LEFT
        except Exception as error:  # noqa: BLE001
            # Never exc_info: a log that nobody has configured prints the variables too.
            log.error("request_failed", request_id=passage.exchange.request_id, **fault(error))  # noqa: TRY400
            await passage.fail()
        finally:
            passage.log(scope)


class Passage:
    """One answer on its way out."""

    def __init__(self, exchange: Exchange, send: Send) -> None:
        self.exchange = exchange
        self.status = 0
        self._send = send
        self._since = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = (b"x-request-id", self.exchange.request_id.encode())
            given = list(message.get("headers", ()))
            # Pages in a browser say some of these in their own way.
            said = {name.lower() for name, _ in given}
            message["headers"] = [*given, own, *(h for h in ALWAYS if h[0] not in said)]
        await self._send(message)

    async def fail(self) -> None:
        if not self.status:
            await sent(answer_problem(Broken(), self.exchange), self.send)

    def log(self, scope: Scope) -> None:
        """The route's template, never the path: an address may hold what somebody typed."""
        found: Any = scope.get("route")
        template = self.exchange.route or getattr(found, "path", None)
        if template in QUIET and self.status < 400:
            return
        actor = self.exchange.actor
        log.info(
            "request_answered",
            method=scope["method"] if template is not None else None,
            route=template,
            status=self.status,
            ms=round((time.perf_counter() - self._since) * 1000, 2),
            actor=actor.author.staff if actor else None,
            role=actor.role if actor else None,
            request_id=self.exchange.request_id,
        )
