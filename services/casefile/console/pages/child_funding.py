"""The money of one child: what was granted, what was paid, and whether anybody asked if it arrived."""

from services.casefile.api.asked import AskedMoment
from services.casefile.api.listing import AskedPage
from services.casefile.console.child_file import ChildFile
from services.casefile.console.listing import Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.readmodels.funding_ledger import FundingFilter, FundingLedger, FundingRow
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column, Scope

MODELS = ("funding_ledger",)
COLUMNS = (
    Column("granted_on", "granted_on", "day"),
    Column("entitlement", "entitlement", "code"),
    Column("scheme", "scheme", "code"),
    Column("payer", "payer", "code"),
    Column("granted_fen", "granted_fen", "fen"),
    Column("disbursed_fen", "disbursed_fen", "fen"),
    Column("disbursed_on", "disbursed_on", "day"),
    Column("verified_fen", "verified_fen", "fen"),
    Column("verified_on", "verified_on", "day"),
    Column("found", "found", "code"),
)


class AskedMoney(AskedMoment, AskedPage):
    """The ledger is a list: it shows today, whatever moment the rest of the file is at."""


def show(visit: Visit) -> Answer:
    visit.must("read_funding")
    asked, ledger = visit.asked(AskedMoney), FundingLedger(visit.desk.pool)
    file = ChildFile(visit, asked)
    wanted = FundingFilter(case_id=file.case_id)

    def ask(place: Cursor | None, limit: int) -> PageOfRows[FundingRow]:
        return ledger.page(wanted, place, limit)

    asking = Asking(visit, asked, ask)
    rows, following = ([], None) if visit.format else asking.page()
    context = file.context("/funding") | {"rows": rows, "next": following}
    scope = Scope(case_id=file.case_id)
    told = (cells(COLUMNS, row) for row in asking.every())
    report = report_of(visit, "funding", "Funding", COLUMNS, told, scope=scope, models=MODELS)
    return Shown(
        template="funding.html", title="Funding", context=context, report=report, models=MODELS
    )


def pages() -> list[Page]:
    return [Page("/cases/{case_id}/funding", "read_case", show, files=True)]
