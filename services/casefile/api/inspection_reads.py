"""Inspections over HTTP: one of them, its population, its sheets, its findings, its minutes."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.casefile.api.access import decide_access
from services.casefile.api.answering import answered, unless_known
from services.casefile.api.asked import Asked
from services.casefile.api.cursors import after, cursor, next_link, pairs
from services.casefile.api.documents import documented
from services.casefile.api.exchange import exchange_of
from services.casefile.api.gate import Admission, Gate, signed_in
from services.casefile.api.product import Product
from services.casefile.api.tags import tag
from services.casefile.application.clock import day_in_china
from services.casefile.domain.inspection_refusals import NotConcerned
from services.casefile.history.inspection_rows import FindingShown, InspectionShown
from services.casefile.history.redrawing import Member, Redrawing, Redrawn
from services.casefile.history.sheet_rows import CallbackSheet, CaseSheet, SheetPage
from services.casefile.history.sheets import Sheets
from services.casefile.reports.minutes import minutes
from services.casefile.reports.report import Stamp

ONE = "/v1/inspections/{inspection_id}"
ERRORS = (400, 404, 503)


class AskedPart(Asked):
    """A page of a sheet or of a population, by place."""

    limit: Annotated[int, Field(ge=1, le=50)] = 20
    cursor: Annotated[str | None, Field(max_length=500)] = None


class AskedPopulation(AskedPart):
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


class PopulationPage(msgspec.Struct, frozen=True):
    """Some of those who could be drawn, in the order that is hashed."""

    inspection_id: UUID
    population_size: int
    rows: list[Member]
    next: str | None


class ExaminationSheet(SheetPage, frozen=True, kw_only=True):
    """For each sampled case what to hold against evidence, and the cursor of the next page."""

    rows: tuple[CaseSheet, ...]
    next: str | None  # type: ignore[assignment]


class CallbackSheets(SheetPage, frozen=True, kw_only=True):
    """For each sampled case whom to call back, and the cursor of the next page."""

    rows: tuple[CallbackSheet, ...]
    next: str | None  # type: ignore[assignment]


class Minutes(msgspec.Struct, frozen=True):
    """The minutes as a report: its stamp, sentences with figures, and tables with their columns."""

    stamp: Stamp
    title: str
    tables: list[dict[str, Any]]
    paragraphs: list[dict[str, Any]]


SHAPES = (
    InspectionShown, FindingShown, PopulationPage, Redrawn, ExaminationSheet, CallbackSheets, Minutes,
)  # fmt: skip
Sheet = Callable[[UUID, int, int], SheetPage]


class InspectionReads:
    """Reads for those who inspect; a finding is read by those it is about, too."""

    def __init__(self, product: Product, now: Callable[[], datetime]) -> None:
        self._casefile = product.casefile
        self._reader = product.inspections
        self._sheets = Sheets(product.cohort, product.inspections)
        self._redrawing = Redrawing(product.populations, product.inspections)
        self._now = now

    def inspection(self, request: Request, inspection_id: UUID) -> Response:
        """Show an inspection: its cut, its samples, what was seen, found and answered."""
        shown = self._reader.show(inspection_id, day_in_china(self._now()))
        return unless_known(request, tag(inspection_id, shown.version, "inspection"), shown)

    def population(
        self, request: Request, inspection_id: UUID, asked: Annotated[AskedPopulation, Query()]
    ) -> Response:
        """List everybody who can be drawn, so that anybody can draw again."""
        question = repr((inspection_id, "population"))
        place = after(asked.cursor, question, int) or 0
        every = self._redrawing.population(inspection_id)
        page, last = every[place : place + asked.limit], place + asked.limit
        following = cursor(last, question) if last < len(every) else None
        shown = PopulationPage(inspection_id, len(every), page, following)
        return answered(shown, next_link(request.url.path, pairs(asked), following))

    def redraw(self, inspection_id: UUID, seed: str) -> Response:
        """Draw a sample again, and say whether it is the one on file."""
        return answered(self._redrawing.redraw(inspection_id, seed))

    def examination(
        self, request: Request, inspection_id: UUID, asked: Annotated[AskedPart, Query()]
    ) -> Response:
        """Give the examination sheet: of each sampled case the records, and what was owed."""
        return self._sheet(request, inspection_id, asked, self._sheets.examination)

    def callbacks(
        self, request: Request, inspection_id: UUID, asked: Annotated[AskedPart, Query()]
    ) -> Response:
        """Give the callback sheet: of each sampled case whom to call, and about what."""
        return self._sheet(request, inspection_id, asked, self._sheets.callbacks)

    def finding(self, request: Request, inspection_id: UUID, finding: UUID) -> Response:
        """Show a finding with its words and all that was said to it."""
        today = day_in_china(self._now())
        shown = self._reader.finding(inspection_id, finding, today)
        actor = signed_in(exchange_of(request.scope))
        about: dict[str, Any] = {n: getattr(shown, n) for n in ("case", "worker", "unit")}
        if not (
            decide_access(actor, "read_inspections").is_allowed
            or self._casefile.is_concerned(actor, about, today)
        ):
            raise NotConcerned
        return answered(shown)

    def minutes(self, inspection_id: UUID) -> Response:
        """Give the minutes: everything about the inspection, as a report."""
        return answered(minutes(self._reader.show(inspection_id, day_in_china(self._now()))))

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["inspections"], redirect_slashes=False)
        add = partial(documented, router, admission=Admission(gate, "read_inspections"))
        add(ONE, self.inspection, shape=InspectionShown, errors=(304, 404, 503))
        add(f"{ONE}/population", self.population, shape=PopulationPage, errors=ERRORS)
        add(f"{ONE}/samples/{{seed}}/redraw", self.redraw, shape=Redrawn, errors=(404, 503))
        sheets = (("examination", self.examination, ExaminationSheet),
                  ("callback", self.callbacks, CallbackSheets))  # fmt: skip
        for name, endpoint, shape in sheets:
            add(f"{ONE}/{name}-sheet", endpoint, shape=shape, errors=ERRORS)
        add(f"{ONE}/minutes", self.minutes, shape=Minutes, errors=(404, 503))
        read = Admission(gate, "read_findings")
        path = f"{ONE}/findings/{{finding}}"
        documented(router, path, self.finding, read, FindingShown, errors=(404, 503))
        return router

    def _sheet(
        self, request: Request, inspection_id: UUID, asked: AskedPart, sheet: Sheet
    ) -> Response:
        question = repr((inspection_id, request.url.path))
        page = sheet(inspection_id, after(asked.cursor, question, int) or 0, asked.limit)
        following = None if page.next is None else cursor(page.next, question)
        link = next_link(request.url.path, pairs(asked), following)
        return answered(msgspec.structs.asdict(page) | {"next": following}, link)
