"""Reads of one child, folded from her stream: status, history, diff, one record."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.casefile.api.answering import answered, unless_known
from services.casefile.api.asked import AskedDiff, AskedHistory, AskedMoment
from services.casefile.api.cursors import after, cursor, next_link, pairs
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.refusals import WrongParameter
from services.casefile.api.shapes import Diff, RecordRow, Status, Timeline
from services.casefile.api.tags import tag
from services.casefile.domain.catalogue import Catalogue
from services.casefile.history.history import History
from services.casefile.history.view import NOW

ERRORS = (404, 503)


class Cases:
    def __init__(self, history: History, catalogue: Catalogue) -> None:
        self._history = history
        self._catalogue = catalogue

    def status(
        self, request: Request, case_id: UUID, asked: Annotated[AskedMoment, Query()]
    ) -> Response:
        """The current facts, each with the record that says so; or those of another moment."""
        status = self._history.status(case_id, asked.moment)
        if asked.moment != NOW:
            return answered(status)
        return unless_known(request, tag(case_id, status["version"]), status)

    def history(
        self, request: Request, case_id: UUID, asked: Annotated[AskedHistory, Query()]
    ) -> Response:
        """Every record, with both clocks, the lag between them, and what was done to it later."""
        self._must_be_kinds(asked.kind)
        question = repr((case_id, pairs(asked, "limit")))
        page = self._history.timeline(
            case_id,
            asked.moment,
            kinds=asked.kind,
            order=asked.order,
            after=after(asked.cursor, question, int),
            limit=asked.limit,
        )
        version = page.pop("next")
        following = None if version is None else cursor(version, question)
        link = next_link(request.url.path, pairs(asked), following)
        return answered(page | {"next": following}, link)

    def diff(self, case_id: UUID, asked: Annotated[AskedDiff, Query()]) -> Response:
        """What reads differently at two moments, and which records made it so."""
        if asked.before == asked.after:
            raise WrongParameter("from", "the two moments are the same")
        return answered(self._history.diff(case_id, asked.before, asked.after))

    def record(
        self, case_id: UUID, record_id: UUID, asked: Annotated[AskedMoment, Query()]
    ) -> Response:
        """One record, with its corrections and its annulment."""
        return answered(self._history.record(case_id, record_id, asked.moment))

    def router(self, gate: Gate) -> APIRouter:
        admission = Admission(gate, "read_case")
        router = APIRouter(tags=["cases"], redirect_slashes=False)
        add = partial(documented, router, admission=admission)
        case = "/v1/cases/{case_id}"
        add(case, self.status, shape=Status, errors=(304, *ERRORS))
        add(f"{case}/history", self.history, shape=Timeline, errors=(400, *ERRORS))
        add(f"{case}/diff", self.diff, shape=Diff, errors=ERRORS)
        add(f"{case}/records/{{record_id}}", self.record, shape=RecordRow, errors=ERRORS)
        return router

    def _must_be_kinds(self, slugs: list[str]) -> None:
        if any(slug not in self._catalogue.by_slug for slug in slugs):
            raise WrongParameter("kind", "there is no such kind")
