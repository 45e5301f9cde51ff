"""What is owed to one child: judged from her stream for the answer, at any moment of both clocks."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.casefile.api.answering import answered
from services.casefile.api.asked import AskedAccountability, AskedObligations
from services.casefile.api.cursors import after, cursor, next_link, pairs
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.refusals import WrongParameter
from services.casefile.history.obligations import (
    Accountability,
    Obligations,
    ObligationsOfCase,
    Place,
)

LONGEST = timedelta(days=1100)


class ObligationPage(ObligationsOfCase, frozen=True, kw_only=True):
    """A page of what was owed to a child, the newest window first."""

    next: str | None  # type: ignore[assignment]


class ChildObligations:
    """Answers about one child."""

    def __init__(self, obligations: Obligations, now: Callable[[], datetime]) -> None:
        self._obligations = obligations
        self._now = now

    def obligations(
        self, request: Request, case_id: UUID, asked: Annotated[AskedObligations, Query()]
    ) -> Response:
        """List what was owed, window by window: what came of it, what proves it, who answered."""
        in_order(asked.since, asked.until)
        question = repr((case_id, "obligations", pairs(asked, "limit")))
        page = self._obligations.of(
            case_id,
            asked.moment,
            self._now(),
            asked=asked.filters,
            after=after(asked.cursor, question, Place),
            limit=asked.limit,
        )
        following = None if page.next is None else cursor(page.next, question)
        link = next_link(request.url.path, pairs(asked), following)
        return answered(msgspec.structs.asdict(page) | {"next": following}, link)

    def accountability(
        self, case_id: UUID, asked: Annotated[AskedAccountability, Query()]
    ) -> Response:
        """Say who owed one contact on every day, through hand-overs."""
        in_order(asked.since, asked.until)
        if asked.until - asked.since > LONGEST:
            raise WrongParameter("until", "it is too far from the first day")
        found = self._obligations.accountability(
            case_id, asked.rule, asked.since, asked.until, self._now(), policy=asked.policy
        )
        return answered(found)

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["obligations"], redirect_slashes=False)
        add = partial(documented, router, admission=Admission(gate, "read_case"))
        case = "/v1/cases/{case_id}"
        add(f"{case}/obligations", self.obligations, shape=ObligationPage, errors=(400, 404, 503))
        add(f"{case}/accountability", self.accountability, shape=Accountability, errors=(404, 503))
        return router


def in_order(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and until < since:
        raise WrongParameter("until", "it lies before the first day")
