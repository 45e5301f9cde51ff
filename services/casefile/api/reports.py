"""Reports over HTTP: which there are, one as JSON to look at, one as a file to carry out."""

from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, Literal
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from services.casefile.api.access import Action
from services.casefile.api.answering import answered
from services.casefile.api.asked import Asked as Form
from services.casefile.api.asked import Day, Instant
from services.casefile.api.boards import seen_by
from services.casefile.api.documents import documented
from services.casefile.api.exchange import Exchange, exchange_of
from services.casefile.api.gate import Admission, Gate, signed_in
from services.casefile.api.listing import Text
from services.casefile.api.refusals import NotAllowed
from services.casefile.application.context import Actor, Context
from services.casefile.domain.families.export import Purpose
from services.casefile.exporting.desk import ExportDesk, Exported, PurposeUnknown, Wanted
from services.casefile.exporting.lines import gathered, pieces
from services.casefile.exporting.rendering import MEDIA, Format
from services.casefile.exporting.workplaces import in_pieces, workplace
from services.casefile.reports.asking import Asked, Definition, Parameter, Reader
from services.casefile.reports.drawing import Reports
from services.casefile.reports.readers import CASE_LEVEL
from services.casefile.reports.registry import DEFINITIONS, definition

PATH = "/v1/reports"
PARAMETERS = Asked.__struct_fields__
BY_MEDIA = {media.partition(";")[0]: form for form, media in MEDIA.items()}
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class AskedReport(Form):
    """The scope, the cut, and the form; what a report does not take is refused."""

    unit: Annotated[Text | None, Field(description="This unit and all below it.")] = None
    case_id: UUID | None = None
    staff: Text | None = None
    since: Annotated[Day | None, Field(description="The first day asked about.")] = None
    until: Annotated[Day | None, Field(description="The last day asked about.")] = None
    known_from: Annotated[Instant | None, Field(description="R5: changes since then.")] = None
    formula: Annotated[Name | None, Field(description="R13: s1-29 if not given.")] = None
    grade: Annotated[Name | None, Field(description="R2: the least grade of evidence.")] = None
    inspection: Annotated[UUID | None, Field(description="R14: whose sample.")] = None
    seed: Annotated[
        Text | None,
        Field(description="R14: the first sample if not given. R30: how the lot falls."),
    ] = None
    as_of: Annotated[Day | None, Field(description="What had happened by this day.")] = None
    known_at: Annotated[Instant | None, Field(description="What was on file by then.")] = None
    position: Annotated[
        int | None, Field(ge=0, le=2**62, description="Only the log up to this position.")
    ] = None
    format: Annotated[
        Format | None, Field(description="A file; JSON to look at if not given. Or use Accept.")
    ] = None
    purpose: Annotated[
        Purpose | None, Field(description="What a file is for; printed on it, and kept in the log.")
    ] = None

    @property
    def question(self) -> Asked:
        return Asked(**{name: getattr(self, name) for name in PARAMETERS})


CutParameter = Literal["as_of", "known_at", "position"]


class ReportDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """One report there is, and what it takes."""

    code: str
    title: str
    version: int
    parameters: tuple[Parameter | CutParameter, ...]
    needs: tuple[Parameter, ...]
    case_level: bool


class ReportList(msgspec.Struct, frozen=True, kw_only=True):
    """The reports the caller may draw. There is one page."""

    rows: list[ReportDefinition]
    next: str | None = None


class CutAt(msgspec.Struct, frozen=True):
    """The place on both clocks, and in the log."""

    as_of: date
    position: int
    known_at: datetime | None = None


class StampShown(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to draw the same report again."""

    report: str
    definition: int
    cut: CutAt
    scope: dict[str, Any]
    policies: list[tuple[str, int]]
    children: int | None
    unnamed: bool = False


class ReportShown(msgspec.Struct, frozen=True, kw_only=True):
    """A report to look at. Shares are `{n, of, percent}`, hidden counts `{below}`."""

    title: str
    stamp: StampShown
    paragraphs: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    notes: list[str]
    data: Any = None


class ReportDesk:
    """Who may draw which report is looked up where it is defined."""

    def __init__(self, reports: Reports, exports: ExportDesk, gate: Gate) -> None:
        self._reports = reports
        self._exports = exports
        self._gate = gate

    def list(self, request: Request) -> Response:
        """List the reports there are, and what each takes."""
        exchange = exchange_of(request.scope)
        role = signed_in(exchange).role
        mine = (each for each in DEFINITIONS if role in each.roles)
        return answered(ReportList(rows=[shown(each, exchange) for each in mine]))

    def report(
        self, request: Request, code: str, asked: Annotated[AskedReport, Query()]
    ) -> Response:
        """Draw a report at a cut: as JSON to look at, or as a file, which is kept in the log."""
        exchange = exchange_of(request.scope)
        actor = signed_in(exchange)
        wanted = definition(code)
        if actor.role not in wanted.roles:
            raise NotAllowed
        question = narrowed(asked.question, wanted, actor)
        pinned = self._reports.pin(asked.as_of, asked.known_at, asked.position)
        form = asked.format or accepted(exchange)
        if form is None:
            report = self._reports.draw(code, question, pinned, reader_of(actor))
            document = gathered(pieces(report, exchange.labels))
            return StreamingResponse(document, media_type="application/json")
        self._gate.admit(exchange, "export_report")
        if asked.purpose is None:
            raise PurposeUnknown
        file = Wanted(
            code=code,
            asked=question,
            pinned=pinned,
            format=form,
            locale=exchange.locale,
            purpose=asked.purpose,
        )
        return self._file(file, actor)

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["reports"], redirect_slashes=False)
        admission = Admission(gate, READ)
        documented(router, PATH, self.list, admission, ReportList)
        documented(
            router,
            f"{PATH}/{{code}}",
            self.report,
            admission,
            ReportShown,
            errors=(404, 409, 503),
            files=[media for media in MEDIA.values() if media != "application/json"],
        )
        return router

    def _file(self, wanted: Wanted, actor: Actor) -> Response:
        context = Context(actor=actor, source="api")
        with workplace() as folder:
            made = self._exports.carry_out(wanted, reader_of(actor), context, folder)
            file = made.path.open("rb")
        return sent(made, file)


READ: Action = "read_report"


def sent(made: Exported, file: BinaryIO) -> Response:
    """The file, which has no name here any more when it leaves."""
    name = quote(made.name)
    return StreamingResponse(
        in_pieces(file),
        media_type=MEDIA[made.rendered.format],
        headers={
            "content-length": str(made.rendered.size),
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "casefile-position": str(made.receipt.position),
            "casefile-sha256": made.rendered.sha256,
            "casefile-rows": str(made.rendered.rows),
        },
    )


def reader_of(actor: Actor) -> Reader:
    return Reader(actor.author.staff, actor.role, case_level=actor.role in CASE_LEVEL)


def narrowed(asked: Asked, wanted: Definition, actor: Actor) -> Asked:
    """A teacher sees what she owes herself, wherever a report is about who owes."""
    if "staff" not in wanted.parameters:
        return asked
    return msgspec.structs.replace(asked, staff=seen_by(actor, asked.staff))


def accepted(exchange: Exchange) -> Format | None:
    """The file an Accept header asks for; JSON is to look at, not a file."""
    named = exchange.header(b"accept").split(",")
    found = (BY_MEDIA.get(each.partition(";")[0].strip().lower()) for each in named)
    return next((form for form in found if form not in (None, "json")), None)


def shown(each: Definition, exchange: Exchange) -> ReportDefinition:
    return ReportDefinition(
        code=each.code,
        title=exchange.labels.text(each.title),
        version=each.version,
        parameters=(*each.parameters, *CUT),
        needs=each.needs,
        case_level=each.case_level,
    )


CUT: tuple[CutParameter, ...] = ("as_of", "known_at", "position")
