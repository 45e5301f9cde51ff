"""How well what was owed was done: always so many of so many, with what the answer rests on."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar, cast

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.casefile.api.answering import answered
from services.casefile.api.asked import Day
from services.casefile.api.boards import FOLLOWED, By, Now, own
from services.casefile.api.cursors import after, cursor, next_link, pairs
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.listing import AskedPage, Listing, query, reading, wait, wanted
from services.casefile.api.obligations import in_order
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.readmodels.compliance import Compliance, ComplianceTotal, Share
from services.casefile.readmodels.obligations_asking import OwedFilter
from services.casefile.readmodels.pages import Pool

PATH = "/v1/compliance"
T = TypeVar("T", bound=msgspec.Struct)


class AskedCompliance(AskedPage):
    """Windows that end from one day to another, both included."""

    since: Day
    until: Day
    by: By = "rule"


class Rate(msgspec.Struct, frozen=True):
    """So many of so many; the rate is null when there was nothing to do."""

    n: int
    of: int
    rate: float | None


class WindowCounts(msgspec.Struct, frozen=True):
    """What came of the windows. `made_good` was missed first and done afterwards."""

    windows: int
    fulfilled: int
    entered_late: int
    done_late: int
    made_good: int
    missed: int
    waived: int
    suspended: int
    not_due: int
    still_open: int
    undecided: int


class FourCells(msgspec.Struct, frozen=True):
    """All that was ever done: was it done in the window, and was it entered in time."""

    in_window_in_time: int
    in_window_entered_late: int
    after_window_in_time: int
    after_window_entered_late: int


class ComplianceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The windows of one version of a policy; `kept`: done before the close, of all decided."""

    policy: str
    version: int
    obligor: str
    of: str | None
    kept: Rate
    kept_in_time: Rate
    counts: WindowCounts
    cells: FourCells


class ComplianceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Windows that end on these days, as the log had them at a position."""

    since: date
    until: date
    asked_at: datetime
    position: int
    by: str
    rows: list[ComplianceRow]
    next: str | None


class ComplianceDesk:
    """One question; staff and parents are never counted together."""

    def __init__(self, pool: Pool, whereabouts: Whereabouts, now: Now) -> None:
        self._compliance = Compliance(pool)
        self._whereabouts = whereabouts
        self._now = now
        self._listing = Listing(
            PATH, "read_obligations", FOLLOWED, "Say how much of what was owed was done",
            OwedFilter, nothing, ComplianceRow, form=AskedCompliance, narrow=own,
        )  # fmt: skip

    def answer(self, request: Request, asked: Any) -> Response:
        in_order(asked.since, asked.until)
        question = repr((PATH, pairs(asked, "limit")))
        place = after(asked.cursor, question, tuple[str, ...])
        owed = wanted(self._listing, request, asked)
        with reading():
            wait(self._whereabouts, FOLLOWED, request, asked)
            found = self._compliance.totals(
                cast(OwedFilter, owed),
                asked.since,
                asked.until,
                self._now(),
                asked.by,
                place,
                asked.limit,
            )
        following = None if found.next is None else cursor(found.next, question)
        link = next_link(PATH, pairs(asked), following)
        rows = [told(total) for total in found.rows]
        shown = msgspec.structs.asdict(found) | {"rows": rows, "next": following}
        return answered(ComplianceAnswer(**shown), link)

    def router(self, gate: Gate) -> APIRouter:
        router = APIRouter(tags=["obligations"], redirect_slashes=False)
        admission = Admission(gate, "read_obligations")
        documented(router, PATH, self._endpoint(), admission, ComplianceAnswer, errors=(400, 503))
        return router

    def _endpoint(self) -> Callable[..., Response]:
        form = query(self._listing)

        def compliance(request: Request, asked: Annotated[form, Query()]) -> Response:  # type: ignore[valid-type]
            return self.answer(request, asked)

        compliance.__doc__ = self._listing.summary
        return compliance


def told(total: ComplianceTotal) -> ComplianceRow:
    return ComplianceRow(
        policy=total.policy,
        version=total.version,
        obligor=total.obligor,
        of=total.of,
        kept=rate(total.kept),
        kept_in_time=rate(total.kept_in_time),
        counts=part(total, WindowCounts),
        cells=part(total, FourCells),
    )


def part(total: ComplianceTotal, form: type[T]) -> T:
    return msgspec.convert(total, form, from_attributes=True)


def rate(share: Share) -> Rate:
    return Rate(share.n, share.of, None if share.rate is None else round(share.rate, 4))


def nothing(*_: Any) -> Any:
    """The answer has more than rows, so it is made here and not by the listing."""
    raise NotImplementedError
