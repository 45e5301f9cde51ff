"""A command's way in: admit, read, decode, call the application in a thread, answer.

FastAPI's dependency solver is left out here, because it costs more than the command itself.
"""

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from services.casefile.api.access import Action
from services.casefile.api.exchange import Exchange, exchange_of
from services.casefile.api.gate import Gate, signed_in
from services.casefile.api.incoming import USUAL, claim_key, decoded, fingerprint, read
from services.casefile.api.problems import Answer
from services.casefile.api.refusals import IfMatchRequired
from services.casefile.api.tags import expected
from services.casefile.application.context import Context
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.envelope import Source
from services.casefile.domain.refusals import CaseNotFound


@dataclass(frozen=True)
class Call:
    """One command as it was sent, by somebody who may send it."""

    exchange: Exchange
    method: str
    path: str
    params: dict[str, str]
    body: bytes

    @cached_property
    def data(self) -> dict[str, Any]:
        return decoded(self.exchange, self.body)

    @property
    def case_id(self) -> UUID:
        try:
            return UUID(self.params["case_id"])
        except ValueError:
            raise CaseNotFound from None

    def context(
        self,
        stream: UUID | None = None,
        source: Source = "api",
        data: dict[str, Any] | None = None,
    ) -> Context:
        """What the command carries; with a stream, an If-Match is about that stream's version."""
        exchange, data = self.exchange, self.data if data is None else data
        actor = signed_in(exchange)
        if_match = exchange.header(b"if-match")
        key = claim_key(exchange, actor, self.method, self.path)
        return Context(
            actor=actor,
            source=source,
            claim_key=key,
            fingerprint=b"" if key is None else fingerprint(exchange, data),
            expected=None if stream is None else expected(if_match, stream),
            correlation=exchange.request_id,
        )

    def must_name_version(self) -> None:
        if b"if-match" not in self.exchange.headers:
            raise IfMatchRequired


@dataclass(frozen=True)
class Operation:
    """A command of the API: its address, the action it takes, and what carries it out."""

    path: str
    action: Action
    answer: Callable[[Call], Answer]
    summary: str
    tag: str
    kinds: tuple[Kind, ...] = ()
    body: Any = None
    result: Any = None
    statuses: tuple[int, ...] = ()
    limit: int = USUAL
    media: tuple[str, ...] = ()

    def route(self, gate: Gate, threads: Executor) -> Route:
        endpoint = OperationEndpoint(self, gate, threads)
        return Route(self.path, endpoint, methods=["POST"], name=self.path)


class OperationEndpoint:
    """An operation as an ASGI application. Everything that waits happens in a thread."""

    def __init__(self, operation: Operation, gate: Gate, threads: Executor) -> None:
        self.operation = operation
        self.action = operation.action
        self._gate = gate
        self._threads = threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(scope)
        exchange.route = self.operation.path
        self._gate.admit(exchange, self.action)
        body = await read(receive, self.operation.limit)
        call = Call(exchange, scope["method"], scope["path"], scope["path_params"], body)
        loop = get_running_loop()
        await sent(await loop.run_in_executor(self._threads, self.operation.answer, call), send)


async def sent(answer: Answer, send: Send) -> None:
    length = (b"content-length", str(len(answer.body)).encode())
    headers = [*answer.headers, length]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
