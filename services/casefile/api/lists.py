"""Lists across children, from the read models: roster, caseload, funding, work done, units, staff."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.casefile.api.asked import Day
from services.casefile.api.documents import documented
from services.casefile.api.gate import Admission, Gate
from services.casefile.api.listing import AskedPage, Listing, page, query, shape
from services.casefile.api.roster import Names, RosterEntry
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.readmodels.caseload import (
    Caseload,
    CaseloadFilter,
    CaseloadRow,
    WorkerLoad,
)
from services.casefile.readmodels.entries import Entries, EntriesFilter, EntryRow
from services.casefile.readmodels.funding_ledger import FundingFilter, FundingLedger, FundingRow
from services.casefile.readmodels.pages import Cursor, Page, Pool
from services.casefile.readmodels.roster import Roster, RosterFilter
from services.casefile.readmodels.staff import Staff, StaffFilter, StaffRow
from services.casefile.readmodels.units import UnitFilter, UnitRow, Units
from services.casefile.readmodels.worker_activity import (
    ActivityFilter,
    ActivityRow,
    WorkerActivity,
)

ERRORS = (400, 503)


class AskedFunding(AskedPage):
    """`unverified_before`: granted before that day, and nobody has asked whether it arrived."""

    unverified_before: Day | None = None


def listings(pool: Pool, names: Names) -> list[Listing]:
    """Every list there is."""
    roster, caseload, ledger = Roster(pool), Caseload(pool), FundingLedger(pool)
    activity, units, staff = WorkerActivity(pool), Units(pool), Staff(pool)
    entries = Entries(pool)
    return [
        Listing(
            "/v1/roster", "read_roster", ("roster",), "List the children on file", RosterFilter,
            plainly(roster.page), RosterEntry, names.shown,
        ),
        Listing(
            "/v1/caseload", "read_caseload", ("caseload",), "List who answers for which children",
            CaseloadFilter, plainly(caseload.page), CaseloadRow,
        ),
        Listing(
            "/v1/caseload/workers", "read_caseload", ("caseload",), "Count each worker's children",
            CaseloadFilter, plainly(caseload.workers), WorkerLoad,
        ),
        Listing(
            "/v1/funding", "read_funding", ("funding_ledger",),
            "List what was promised, paid and verified", FundingFilter, funding(ledger),
            FundingRow, form=AskedFunding,
        ),
        Listing(
            "/v1/worker-activity", "read_worker_activity", ("worker_activity",),
            "List what each worker recorded, and how late", ActivityFilter,
            plainly(activity.page), ActivityRow,
        ),
        Listing(
            "/v1/entries", "read_entries", ("entries", "units"),
            "List the headers of records: who, when it happened, when it was recorded",
            EntriesFilter, plainly(entries.page), EntryRow,
        ),
        Listing(
            "/v1/units", "read_units", ("units",), "List the units", UnitFilter,
            plainly(units.page), UnitRow,
        ),
        Listing(
            "/v1/staff", "read_staff", ("staff",), "List who held which post", StaffFilter,
            plainly(staff.page), StaffRow,
        ),
    ]  # fmt: skip


def plainly(ask: Any) -> Any:
    """A question that the filters say all about."""

    def answer(wanted: Any, _: Any, place: Cursor | None, limit: int) -> Page[Any]:
        found: Page[Any] = ask(wanted, place, limit)
        return found

    return answer


def funding(ledger: FundingLedger) -> Any:
    def answer(
        wanted: FundingFilter, asked: AskedFunding, place: Cursor | None, limit: int
    ) -> Page[FundingRow]:
        before: date | None = asked.unverified_before
        if before is None:
            return ledger.page(wanted, place, limit)
        return ledger.unverified(before, wanted, place, limit)

    return answer


def router(lists: Sequence[Listing], whereabouts: Whereabouts, gate: Gate) -> APIRouter:
    made = APIRouter(tags=["lists"], redirect_slashes=False)
    for listing in lists:
        endpoint = asking(listing, whereabouts)
        admission = Admission(gate, listing.action)
        documented(made, listing.path, endpoint, admission, shape(listing.row), errors=ERRORS)
    return made


def asking(listing: Listing, whereabouts: Whereabouts) -> Any:
    """The endpoint of a list; its parameters are made from the filters."""
    form = query(listing)

    def answer(request: Request, asked: Annotated[form, Query()]) -> Response:  # type: ignore[valid-type]
        return page(listing, whereabouts, request, asked)

    answer.__doc__ = listing.summary
    return answer
