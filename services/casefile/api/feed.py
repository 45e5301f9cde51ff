"""The feed: the messages of the bus over HTTP, by position; in batches with patience, or as a stream."""

from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from services.casefile.api.answering import answered
from services.casefile.api.asked import AskedFeed
from services.casefile.api.cursors import pairs
from services.casefile.api.documents import ALWAYS, BEARER, operation_id, problems
from services.casefile.api.exchange import Exchange, exchange_of
from services.casefile.api.feed_reading import FeedReader, Wish
from services.casefile.api.feed_shapes import FEED_ANSWER, SCHEMA_ANSWER, link
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.herald import Herald
from services.casefile.api.problems import problem
from services.casefile.api.product import Product
from services.casefile.api.refusals import MessageTypeNotFound, WrongParameter
from services.casefile.domain.catalogue import Catalogue
from services.casefile.domain.refusals import CasefileError
from services.casefile.log.messages import Stretch, message_types
from services.casefile.publishing.cloudevents import BATCH, to_json, to_json_batch
from services.casefile.publishing.message import WITHHELD, Message, is_published, type_of
from services.casefile.publishing.schema import message_schema, withheld_schema

STREAM = "text/event-stream"
PING = 15.0
# So often does whoever waits look whether the process is told to end.
LOOK = 1.0
FEED, SCHEMA = "/v1/feed", "/v1/messages/{type}/schema"


class Feed:
    def __init__(self, product: Product) -> None:
        self._reader = FeedReader(product.recorder, product.mapper)
        self._herald = Herald(product.recorder)
        self._catalogue = product.catalogue
        self._types = message_types(product.catalogue)

    async def feed(self, request: Request, asked: Annotated[AskedFeed, Query()]) -> Response:
        """Read the messages that follow a position; wait a little, or go on as a stream."""
        exchange = exchange_of(request.scope)
        wish = Wish(asked.limit, self._wanted(asked.types), asked.case_id)
        if STREAM in exchange.header(b"accept"):
            after = last_event_id(exchange, asked.after)
            first = await run_in_threadpool(self._reader.read, after, wish)
            lines = self._lines(first, wish, exchange, leaving(request))
            return StreamingResponse(lines, media_type=STREAM, headers={"x-accel-buffering": "no"})
        stretch = await self._patiently(asked, wish, leaving(request))
        response = Response(to_json_batch(stretch.messages), media_type=BATCH)
        response.raw_headers += [
            (b"casefile-position", str(stretch.position).encode()),
            link(FEED, [*pairs(asked, "after"), ("after", str(stretch.position))]),
        ]
        return response

    def schema(self, type: str) -> Response:  # noqa: A002
        """Read the JSON Schema of a message's data."""
        return answered(schema_of(self._catalogue, type))

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["feed"], redirect_slashes=False)
        add(router, FEED, self.feed, Admission(gate, "read_feed"), FEED_ANSWER, (*ALWAYS, 409, 503))
        add(router, SCHEMA, self.schema, Admission(gate, "read_schema"), SCHEMA_ANSWER, (404,))
        return router

    async def _patiently(
        self, asked: AskedFeed, wish: Wish, is_leaving: Callable[[], bool]
    ) -> Stretch:
        deadline, position = monotonic() + asked.wait, asked.after
        while True:
            stretch = await run_in_threadpool(self._reader.read, position, wish)
            left = deadline - monotonic()
            if stretch.messages or left <= 0 or is_leaving():
                return stretch
            position = stretch.position
            await self._herald.beyond(position, min(left, LOOK))

    async def _lines(
        self, stretch: Stretch, wish: Wish, exchange: Exchange, is_leaving: Callable[[], bool]
    ) -> AsyncIterator[bytes]:
        """Never more than one read ahead of who reads; between messages nothing is held but a place."""
        said, spoke_at = -1, monotonic()
        while not is_leaving():
            for message in stretch.messages:
                yield event(message)
            if stretch.messages or monotonic() - spoke_at > PING:
                said, spoke_at = stretch.position, monotonic()
                yield ping(said)
            await self._herald.beyond(stretch.position, LOOK)
            try:
                stretch = await run_in_threadpool(self._reader.read, stretch.position, wish)
            except CasefileError as error:
                yield farewell(error, exchange)
                return

    def _wanted(self, types: str | None) -> frozenset[str]:
        wanted = frozenset(types.split(",")) if types else frozenset[str]()
        if wanted - self._types:
            raise WrongParameter("types", "there is no such type of message")
        return wanted


def event(message: Message) -> bytes:
    return b"id: %d\ndata: %b\n\n" % (message.position, to_json(message))


def ping(position: int) -> bytes:
    """No message, but where to go on from."""
    return b": read\nid: %d\n\n" % position


def farewell(error: CasefileError, exchange: Exchange) -> bytes:
    return b"event: problem\ndata: %b\n\n" % msgspec.json.encode(problem(error, exchange))


def last_event_id(exchange: Exchange, after: int) -> int:
    sent = exchange.header(b"last-event-id")
    if not sent:
        return after
    if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
        raise WrongParameter("Last-Event-ID")
    return int(sent)


def leaving(request: Request) -> Callable[[], bool]:
    """Whether this process is told to end, so that nobody who waits holds it up."""
    found: Callable[[], bool] = getattr(request.app.state, "is_leaving", lambda: False)
    return found


def schema_of(catalogue: Catalogue, name: str) -> dict[str, Any]:
    if name == WITHHELD:
        return withheld_schema()
    for kind in catalogue:
        if is_published(kind) and type_of(kind) == name:
            return message_schema(kind)
    raise MessageTypeNotFound


def add(
    router: APIRouter,
    path: str,
    endpoint: Callable[..., Any],
    admission: Admission,
    answer: dict[str, Any],
    errors: tuple[int, ...],
) -> None:
    answers: dict[int | str, Any] = {200: answer}
    answers.update(problems(errors))
    router.add_api_route(
        path,
        endpoint,
        dependencies=[Depends(admission)],
        response_class=Response,
        responses=answers,
        summary=(endpoint.__doc__ or "").strip(),
        operation_id=operation_id("get", path),
        openapi_extra={} if admission.action == "read_schema" else {"security": BEARER},
    )
