"""Lists of inspections, of findings, and of what moved since the last inspection."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.casefile.api.access import decide_access
from services.casefile.api.answering import answered
from services.casefile.api.cursors import after, cursor, next_link, pairs
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.listing import AskedList, AskedPage, Listing, reading
from services.casefile.api.product import Product
from services.casefile.application.clock import day_in_china
from services.casefile.application.context import Actor
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.readmodels.findings import Concerned, FindingFilter, FindingRow, Findings
from services.casefile.readmodels.inspections import (
    InspectionFilter,
    InspectionRow,
    Inspections,
)
from services.casefile.readmodels.pages import Cursor, Page, Pool
from services.casefile.reports.since_last import Changes
from services.casefile.reports.since_last_rows import Change, ChangedRecord, Movement, SinceLast

ONE = "/v1/inspections/{inspection_id}/changes"
FOLLOWED = ("inspections",)
READ = ("entries", "inspections")
PATIENCE = 2.0
Now = Callable[[], datetime]


class AskedSince(AskedList):
    """`since`: the inspection to compare with; the last one of the same scope if not given."""

    since: UUID | None = None


class AskedChanges(AskedPage):
    since: UUID | None = None
    change: Change | None = None


class AskedMovement(AskedPage):
    since: UUID | None = None
    movement: Movement = "came"


class ChangedPage(msgspec.Struct, frozen=True):
    """A page of what moved, and the cursor of the next one."""

    rows: list[ChangedRecord]
    next: str | None


class MovedPage(msgspec.Struct, frozen=True):
    """A page of the files that came or went, and the cursor of the next one."""

    rows: list[UUID]
    next: str | None


SHAPES = (SinceLast, ChangedPage, MovedPage)


def inspection_lists(pool: Pool, now: Now) -> list[Listing]:
    """Inspections for those who inspect; findings for everybody whom they are about."""
    inspections, findings = Inspections(pool), Findings(pool)

    def all_inspections(
        wanted: InspectionFilter, _: Any, place: Cursor | None, limit: int
    ) -> Page[InspectionRow]:
        return inspections.page(wanted, day_in_china(now()), place, limit)

    def all_findings(
        wanted: FindingFilter, _: Any, place: Cursor | None, limit: int
    ) -> Page[FindingRow]:
        return findings.page(wanted, day_in_china(now()), place, limit)

    return [
        Listing(
            "/v1/inspections", "read_inspections", FOLLOWED, "List the inspections, newest first",
            InspectionFilter, all_inspections, InspectionRow,
        ),
        Listing(
            "/v1/findings", "read_findings", FOLLOWED,
            "List findings, what is due first before the rest", FindingFilter, all_findings,
            FindingRow, narrow=about_them,
        ),
    ]  # fmt: skip


def about_them(asked: FindingFilter, actor: Actor) -> FindingFilter:
    """Who does not inspect sees the findings that are about them."""
    if decide_access(actor, "read_inspections").is_allowed:
        return asked
    author = actor.author
    return Concerned(**msgspec.structs.asdict(asked), staff=author.staff, at=author.unit)


class ChangesDesk:
    """What moved since the last inspection: counts, and the records behind them."""

    def __init__(self, pool: Pool, product: Product, whereabouts: Whereabouts) -> None:
        self._changes = Changes(
            pool, product.populations, product.inspections, product.recorder, product.mapper
        )
        self._whereabouts = whereabouts

    def counts(self, inspection_id: UUID, asked: Annotated[AskedSince, Query()]) -> Response:
        """Count what moved in the scope since the last inspection."""
        with reading():
            self._wait(inspection_id)
            return answered(self._changes.since_last(inspection_id, asked.since))

    def records(
        self, request: Request, inspection_id: UUID, asked: Annotated[AskedChanges, Query()]
    ) -> Response:
        """List the records that came since, and what each did."""
        question = repr((inspection_id, pairs(asked, "limit")))
        place = after(asked.cursor, question, tuple[str, ...])
        with reading():
            self._wait(inspection_id)
            page = self._changes.records(
                inspection_id, asked.since, asked.change, place, asked.limit
            )
        following = None if page.next is None else cursor(page.next, question)
        link = next_link(request.url.path, pairs(asked), following)
        return answered(ChangedPage(page.rows, following), link)

    def cases(
        self, request: Request, inspection_id: UUID, asked: Annotated[AskedMovement, Query()]
    ) -> Response:
        """List the files that came into the scope, or went from it."""
        question = repr((inspection_id, pairs(asked, "limit")))
        place = after(asked.cursor, question, int) or 0
        with reading():
            self._wait(inspection_id)
            moved = self._changes.moved(inspection_id, asked.since, asked.movement)
        last = place + asked.limit
        following = cursor(last, question) if last < len(moved) else None
        link = next_link(request.url.path, pairs(asked), following)
        return answered(MovedPage(moved[place:last], following), link)

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["inspections"], redirect_slashes=False)
        add = partial(documented, router, admission=Admission(gate, "read_inspections"))
        add(ONE, self.counts, shape=SinceLast, errors=(400, 404, 503))
        add(f"{ONE}/records", self.records, shape=ChangedPage, errors=(400, 404, 503))
        add(f"{ONE}/cases", self.cases, shape=MovedPage, errors=(400, 404, 503))
        return router

    def _wait(self, inspection_id: UUID) -> None:
        """Until the lists have seen everything up to the later cut."""
        self._whereabouts.wait_for(READ, self._changes.position(inspection_id), PATIENCE)
