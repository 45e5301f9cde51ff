"""Puts the API together."""

import re
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Depends, FastAPI, Header, Path, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from services.notifications.api import health, reads
from services.notifications.api.access import (
    Action,
    Caller,
    NotAllowed,
    Tokens,
    admit,
    readers,
    sees_findings,
)
from services.notifications.api.problems import add_handlers, problem
from services.notifications.delivering import case_ledger, ledger
from services.notifications.directory import hiding, people, tables
from services.notifications.directory.entries import Entry, StaffId
from services.notifications.policy.people import Person
from services.notifications.state.connections import Pool

Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[int, Query(ge=0, le=2**62)]
Number = Annotated[int, Path(ge=1, le=2**62)]
# One window of one rule: policy/version/rule/window.
About = Annotated[str, Field(pattern=r"^[^/|]{1,60}/\d{1,4}/[^/|]{1,60}/[^/|]{1,60}$")]
Abouts = Annotated[tuple[About, ...], Query(max_length=200)]
BIG: dict[int | str, dict[str, Any]] = {422: {"content": {"application/problem+json": {}}}}


class Gate:
    """A route's dependency that names its action."""

    def __init__(self, tokens: Tokens, action: Action) -> None:
        self._tokens = tokens
        self._action = action

    def __call__(self, authorization: Annotated[str, Header()] = "") -> Caller:
        caller = self._tokens.caller(authorization)
        admit(caller, self._action)
        return caller


def create_app(pool: Pool, tokens: Tokens) -> FastAPI:
    """The application; every route but the probes wants a token."""
    app = FastAPI(
        title="Notifications", version="1", redirect_slashes=False, docs_url=None, redoc_url=None
    )
    add_handlers(app)
    _health(app, pool, tokens)
    _inbox(app, pool, tokens)
    _directory(app, pool, tokens)
    _ledger(app, pool, tokens)
    return app


def answered(rows: Any) -> Response:
    return Response(msgspec.json.encode({"rows": rows}), media_type="application/json")


def _health(app: FastAPI, pool: Pool, tokens: Tokens) -> None:
    @app.get("/livez")
    def alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    def ready() -> Response:
        if health.is_ready(pool):
            return Response(b'{"status":"ready"}', media_type="application/json")
        return problem(503, "The database does not answer.", code="database-down")

    @app.get("/metrics", dependencies=[Depends(Gate(tokens, "operate"))])
    def measured() -> Response:
        return Response(health.metrics(pool), media_type="text/plain; version=0.0.4")

    @app.get("/v1/parked", dependencies=[Depends(Gate(tokens, "operate"))])
    def parked(after: After = 0, limit: Limit = 50) -> Response:
        with pool.connection() as connection:
            return answered(reads.parked(connection, after, limit))


def _inbox(app: FastAPI, pool: Pool, tokens: Tokens) -> None:
    Mine = Annotated[Caller, Depends(Gate(tokens, "read_inbox"))]  # noqa: N806

    @app.get("/v1/inbox")
    def inbox(
        me: Mine, before: After | None = None, limit: Limit = 50, *, unread: bool = False
    ) -> Response:
        """List what I was told, the newest first; go on with `before` the last id."""
        with pool.connection() as connection:
            return answered(reads.inbox(connection, me.staff, before, limit, unread=unread))

    @app.post("/v1/inbox/{item}/read")
    def mark_read(me: Mine, item: Number) -> dict[str, Any]:
        with pool.connection() as connection:
            return {"id": item, "read_at": reads.mark_read(connection, me.staff, item)}


def _directory(app: FastAPI, pool: Pool, tokens: Tokens) -> None:
    reading = [Depends(Gate(tokens, "read_directory"))]
    keeping = [Depends(Gate(tokens, "keep_directory"))]

    @app.get("/v1/directory", dependencies=reading)
    def listed(after: StaffId | None = None, limit: Limit = 50) -> Response:
        with pool.connection() as connection:
            return answered([shown(p) for p in people.page(connection, after or "", limit)])

    @app.get("/v1/directory/{staff}", dependencies=reading)
    def one(staff: StaffId) -> Response:
        with pool.connection() as connection:
            found = shown(people.one(connection, staff))
        return Response(msgspec.json.encode(found), media_type="application/json")

    @app.put("/v1/directory/{staff}", status_code=204, dependencies=keeping)
    def put(staff: StaffId, entry: Entry) -> None:
        with pool.connection() as connection:
            people.put(connection, staff, entry)

    @app.delete("/v1/directory/{staff}", status_code=204, dependencies=keeping)
    def remove(staff: StaffId) -> None:
        with pool.connection() as connection:
            people.remove(connection, staff)

    @app.post("/v1/directory/import", dependencies=keeping, responses=BIG)
    async def take_in(request: Request, *, dry_run: bool = False) -> dict[str, Any]:
        """Take in a CSV table, all rows or none; `dry_run` only says what would be wrong."""
        content = await _body(request)

        def work() -> int:
            rows = tables.read_people(content)
            if not dry_run:
                with pool.connection() as connection:
                    people.put_all(connection, rows)
            return len(rows)

        return {"people": await run_in_threadpool(work), "dry_run": dry_run}


def _ledger(app: FastAPI, pool: Pool, tokens: Tokens) -> None:
    Reader = Annotated[Caller, Depends(Gate(tokens, "read_ledger"))]  # noqa: N806
    OfCase = Annotated[Caller, Depends(Gate(tokens, "read_case_ledger"))]  # noqa: N806

    @app.get("/v1/ledger/cases/{case_id}")
    def of_case(
        me: OfCase,
        case_id: UUID,
        about: Abouts = (),
        after: UUID | None = None,
        reader: StaffId | None = None,
        limit: Limit = 50,
        *,
        findings: bool = False,
    ) -> Response:
        """Who was told what of a child, what came of it, what waits, and what was stopped."""
        eyes = readers(me, reader)
        with pool.connection() as connection:
            if eyes & hiding.hidden_from(connection, case_id):
                raise NotAllowed
            page = case_ledger.of_case(
                connection,
                case_id,
                about=about,
                after=after,
                limit=limit,
                findings=sees_findings(me, asked=findings),
            )
        return Response(msgspec.json.encode(page), media_type="application/json")

    @app.get("/v1/ledger/staff/{staff}")
    def of_person(me: Reader, staff: StaffId, after: After = 0, limit: Limit = 50) -> Response:
        seen = sees_findings(me, asked=False)
        with pool.connection() as connection:
            return answered(ledger.of_person(connection, staff, after, limit, findings=seen))


async def _body(request: Request) -> bytes:
    """At most what a table may have; the rest is not read."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > tables.MAX_BYTES:
            raise tables.TableNotReadable(most_bytes=tables.MAX_BYTES)
    return content


def shown(person: Person) -> dict[str, Any]:
    """An address may hold a secret: of a web address only the host is shown."""
    found = msgspec.structs.asdict(person)
    channels = [{**c, "address": masked(c["address"])} for c in person.channels]
    return found | {"channels": channels}


def masked(address: str) -> str:
    scheme, sep, rest = address.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    return f"{scheme}{sep}{host}/…" if sep else address
