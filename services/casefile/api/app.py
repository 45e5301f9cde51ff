"""Puts the API together: routes, the gate before them, the edge around them."""

import gc
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, Depends, FastAPI, Response
from starlette.routing import BaseRoute

from services.casefile.api.answering import answered
from services.casefile.api.backfill import BackfillDesk
from services.casefile.api.batches import Batches
from services.casefile.api.boards import boards
from services.casefile.api.calendars import CalendarDesk
from services.casefile.api.cases import Cases
from services.casefile.api.commands import Commands
from services.casefile.api.compliance import ComplianceDesk
from services.casefile.api.edge import Edge
from services.casefile.api.feed import Feed
from services.casefile.api.flagging import Flagging
from services.casefile.api.flags import FlagDesk
from services.casefile.api.gate import Admission, Gate, action_of
from services.casefile.api.handlers import add_handlers
from services.casefile.api.health import Checks, Health
from services.casefile.api.inspection_lists import ChangesDesk, inspection_lists
from services.casefile.api.inspection_reads import InspectionReads
from services.casefile.api.inspections import InspectionDesk
from services.casefile.api.kinds import Reference
from services.casefile.api.listing import Listing, shape
from services.casefile.api.lists import listings
from services.casefile.api.lists import router as list_router
from services.casefile.api.metrics import Metrics
from services.casefile.api.narratives import NarrativeDesk
from services.casefile.api.obligations import ChildObligations
from services.casefile.api.openapi import document
from services.casefile.api.operations import Operation
from services.casefile.api.policies import Policies
from services.casefile.api.product import Product
from services.casefile.api.quotas import quota_list
from services.casefile.api.reports import ReportDesk
from services.casefile.api.roster import Lookups, Names
from services.casefile.api.tokens import SignIn
from services.casefile.application.clock import day_in_china
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.history.flags import FlagHistory
from services.casefile.history.narratives import Narratives
from services.casefile.readmodels.backfill import Backfill
from services.casefile.readmodels.pages import Pool
from services.casefile.readmodels.quotas import Quotas
from services.casefile.readmodels.roster import Roster

THREADS = 64
DESCRIPTION = """One child's case: record it, correct it, read it as of any day.

Commands take an `Idempotency-Key` and give the version they led to as `ETag`. Reads take `as_of`
(what had happened) and `known_at` (what the file said). Problems are RFC 9457 problem details.
"""


class RouteWithoutAction(Exception):
    """Every route names the action it takes, so that access can be decided."""


def create_app(
    product: Product,
    sign_in: SignIn,
    *,
    pool: Pool | None = None,
    checks: Checks | None = None,
    version: str = "1",
) -> FastAPI:
    """The application. What answers is decided here; without a pool there are no lists."""
    gate = Gate(sign_in)
    names = Names(product.keyring)
    lists = all_lists(product, pool, names) if pool is not None else []
    operations = all_operations(product, gate, pool, names)
    app = FastAPI(
        title="Casefile",
        version=version,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"logs": False},
    )
    threads = ThreadPoolExecutor(THREADS, "command")
    app.router.routes.extend(operation.route(gate, threads) for operation in operations)
    for router in routers(product, gate, checks or default_checks(product)):
        app.router.routes.extend(router.routes)
    if pool is not None:
        for router in across_children(product, gate, pool, lists):
            app.router.routes.extend(router.routes)
    add_schema(app, gate, operations, [shape(each.row) for each in lists])
    add_handlers(app)
    app.add_middleware(Edge)
    refuse_unnamed(app.routes)
    return app


def all_lists(product: Product, pool: Pool, names: Names) -> list[Listing]:
    quotas = Quotas(pool, product.mapper, product.rulebooks)
    return [
        *listings(pool, names),
        *boards(pool, product.clock),
        quota_list(quotas, product.clock),
        flags(product, pool).listing(),
        *inspection_lists(pool, product.clock),
    ]


def all_operations(
    product: Product, gate: Gate, pool: Pool | None, names: Names
) -> list[Operation]:
    commands = Commands(product.casefile, product.catalogue, gate)
    found = [
        *commands.operations(),
        *Batches(product.casefile).operations(),
        *policies(product).operations(),
        *CalendarDesk(product.casefile, product.rulebook).operations(),
        *InspectionDesk(product.casefile, product.catalogue).operations(),
    ]
    if pool is None:
        return found
    lookups = Lookups(Roster(pool), names, product.identities, product.index)
    return [*found, *lookups.operations(), *flags(product, pool).operations()]


def routers(product: Product, gate: Gate, checks: Checks) -> list[APIRouter]:
    return [
        Cases(product.history, product.catalogue).router(gate),
        ChildObligations(product.obligations, product.clock).router(gate),
        ReportDesk(product.reports, product.exports, gate).router(gate),
        policies(product).router(gate),
        CalendarDesk(product.casefile, product.rulebook).router(gate),
        InspectionReads(product, product.clock).router(gate),
        Reference(product.catalogue).router(gate),
        Feed(product).router(gate),
        Health(checks).router(gate),
    ]


def across_children(
    product: Product, gate: Gate, pool: Pool, lists: Sequence[Listing]
) -> list[APIRouter]:
    whereabouts = Whereabouts(pool)
    return [
        list_router(lists, whereabouts, gate),
        ComplianceDesk(pool, whereabouts, product.clock).router(gate),
        BackfillDesk(pool, whereabouts, product.rulebook).router(gate),
        flags(product, pool).router(gate),
        NarrativeDesk(pool, whereabouts, Backfill(pool), Narratives(product.history)).router(gate),
        ChangesDesk(pool, product, whereabouts).router(gate),
        Metrics(pool, product).router(gate),
    ]


def flags(product: Product, pool: Pool) -> FlagDesk:
    flagging = Flagging(
        product.casefile, Backfill(pool), product.rulebook, lambda: day_in_china(product.clock())
    )
    return FlagDesk(flagging, FlagHistory(product.history), pool)


def policies(product: Product) -> Policies:
    return Policies(product.casefile, product.rulebook, product.checking.faults, product.clock)


def default_checks(product: Product) -> dict[str, Callable[[], object]]:
    return {"log": product.recorder.head, "keyring": product.keyring.check}


def add_schema(
    app: FastAPI, gate: Gate, operations: Sequence[Operation], shapes: Sequence[Any]
) -> None:
    """The document is made when somebody first asks for it."""

    def openapi() -> dict[str, object]:
        app.openapi_schema = app.openapi_schema or document(app, operations, shapes)
        return app.openapi_schema

    def schema() -> Response:
        return answered(openapi())

    app.openapi = openapi  # type: ignore[method-assign]
    router = APIRouter(redirect_slashes=False)
    admission = Admission(gate, "read_schema")
    router.add_api_route(
        "/openapi.json", schema, dependencies=[Depends(admission)], include_in_schema=False
    )
    app.router.routes.extend(router.routes)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """What is there at the start stays: the collector need not walk it again."""
    current_default_thread_limiter().total_tokens = THREADS
    gc.collect()
    gc.freeze()
    thresholds = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def refuse_unnamed(routes: Sequence[BaseRoute]) -> None:
    for route in routes:
        if action_of(route) is None:
            raise RouteWithoutAction(getattr(route, "path", ""))
