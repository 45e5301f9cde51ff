"""Puts the console beside the API: the pages' routes, the files they use, and the fork between both."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from services.casefile.api.edge import Edge
from services.casefile.api.gate import Gate
from services.casefile.api.product import Product
from services.casefile.api.tokens import Tokens
from services.casefile.console.answering import Front, PageEndpoint
from services.casefile.console.assets import FOREVER, PREFIX, Assets
from services.casefile.console.desk import Desk
from services.casefile.console.notices import UNCONNECTED, Notices
from services.casefile.console.page import FORMATS, Page, PageNotFound
from services.casefile.console.registry import all_pages
from services.casefile.console.rendering import Rendering
from services.casefile.console.sending import Reply
from services.casefile.console.sessions import Sessions
from services.casefile.console.templating import Templates
from services.casefile.console.waiting import Workshops
from services.casefile.readmodels.pages import Pool

# What is not the console's. Everything else a browser may ask for is a page, or is not found.
OF_THE_API = ("/v1/", "/openapi.json", "/livez", "/readyz", "/metrics")


def add_console(
    app: FastAPI,
    product: Product,
    pool: Pool,
    tokens: Tokens,
    secret_file: Path,
    notices: Notices = UNCONNECTED,
    workshops: Workshops | None = None,
) -> None:
    """From now on `app` also answers a browser."""
    sessions = Sessions.from_file(secret_file, tokens)
    console = Console(
        Desk(product, pool, notices, workshops or Workshops()), Gate(tokens), sessions
    )
    app.add_middleware(Fork, console=Edge(console))


class Fork:
    """Sends what is the API's there, and the rest to the console."""

    def __init__(self, app: ASGIApp, console: ASGIApp) -> None:
        self._app = app
        self._console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and not scope["path"].startswith(OF_THE_API)
        await (self._console if is_page else self._app)(scope, receive, send)


class Console:
    """The pages, as one ASGI application."""

    def __init__(self, desk: Desk, gate: Gate, sessions: Sessions) -> None:
        assets = Assets()
        pages = all_pages(sessions)
        rendering = Rendering(Templates(assets), pages)
        self._front = Front(desk, gate, sessions, rendering)
        static = Route(PREFIX + "{name}", StaticEndpoint(assets, self._front))
        # Browsers ask for it by themselves where a page of ours did not name one.
        icon = Route(
            "/favicon.ico", StaticEndpoint(assets, self._front, assets.address("mark.svg"))
        )
        routes = [static, icon, *routes_of(pages, self._front)]
        self._router = Router(routes, redirect_slashes=False, default=self._not_found)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._router(scope, receive, send)

    async def _not_found(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await not_found(self._front, scope, send)


class StaticEndpoint:
    """One file; its name changes with its content, so a browser may keep it for ever."""

    def __init__(self, assets: Assets, front: Front, address: str | None = None) -> None:
        self._assets = assets
        self._front = front
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        asset = self._assets.get(self._address or scope["path"])
        if asset is None:
            await not_found(self._front, scope, send)
            return
        headers = [(b"content-type", asset.media_type), (b"cache-control", FOREVER)]
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
        if b"gzip" not in accepted:
            await Reply(200, headers, asset.body).send(send)
            return
        zipped = [*headers, (b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        await Reply(200, zipped, asset.zipped).send(send)


def routes_of(pages: Sequence[Page], front: Front) -> list[Route]:
    """The files of a page come first: `{name}` would take in their ending."""
    found = []
    for page in pages:
        stem = "/home" if page.path == "/" else page.path
        formats = FORMATS if page.files else ()
        found += [
            Route(f"{stem}.{format_}", PageEndpoint(page, front, format_), methods=["GET"])
            for format_ in formats
        ]
        methods = ["GET", "POST"] if page.submit else ["GET"]
        found.append(Route(page.path, PageEndpoint(page, front), methods=methods))
    return found


async def not_found(front: Front, scope: Scope, send: Send) -> None:
    await front.refused(front.visit(scope, None), PageNotFound()).send(send)
