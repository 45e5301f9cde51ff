"""The money across children: promised, paid, verified; and what nobody has asked about since."""

from services.casefile.api.asked import Day
from services.casefile.api.listing import AskedPage, Text
from services.casefile.console.list_page import Filter, ListPage
from services.casefile.console.listing import Ask, cells
from services.casefile.console.page import Page
from services.casefile.console.visit import Visit
from services.casefile.readmodels.funding_ledger import FundingFilter, FundingLedger
from services.casefile.reports.report import Column, Table

COLUMNS = (
    Column("case_id", "case_id", "case"),
    Column("granted_on", "granted_on", "day"),
    Column("entitlement", "entitlement", "code"),
    Column("scheme", "scheme", "code"),
    Column("payer", "payer", "code"),
    Column("granted_fen", "granted_fen", "fen"),
    Column("rate_fen", "rate_fen", "fen"),
    Column("disbursed_fen", "disbursed_fen", "fen"),
    Column("disbursed_on", "disbursed_on", "day"),
    Column("verified_fen", "verified_fen", "fen"),
    Column("verified_on", "verified_on", "day"),
    Column("found", "found", "code"),
)
TOTALS = (
    Column("scheme", "scheme", "code"),
    Column("entitlements", "Entitlements", "count"),
    Column("children", "children", "count"),
    Column("granted_fen", "granted_fen", "fen"),
    Column("disbursed_fen", "disbursed_fen", "fen"),
    Column("verified_fen", "verified_fen", "fen"),
    Column("unverified", "Nobody asked", "count"),
)


class AskedMoney(AskedPage):
    """`unverified_before`: granted before that day, and nobody has asked whether it arrived."""

    under: Text | None = None
    scheme: Text | None = None
    unverified_before: Day | None = None

    @property
    def wanted(self) -> FundingFilter:
        return FundingFilter(unit=self.under, scheme=self.scheme)


def ask(visit: Visit, asked: AskedMoney) -> Ask:
    ledger, wanted, before = FundingLedger(visit.desk.pool), asked.wanted, asked.unverified_before
    if before is None:
        return lambda place, limit: ledger.page(wanted, place, limit)
    return lambda place, limit: ledger.unverified(before, wanted, place, limit)


def totals(visit: Visit, asked: AskedMoney) -> Table:
    rows = FundingLedger(visit.desk.pool).totals(asked.wanted)
    told = [(row.group, *cells(TOTALS[1:], row)) for row in rows]
    return Table(name="totals", title="By scheme", columns=TOTALS, rows=told)


def pages() -> list[Page]:
    made = ListPage(
        path="/funding",
        action="read_funding",
        title="Granted and delivered",
        label="Funding",
        models=("funding_ledger",),
        asked=AskedMoney,
        filters=(
            Filter("under", "Unit, with all below it"),
            Filter("scheme", "scheme"),
            Filter("unverified_before", "Granted before, and nobody asked", "date"),
        ),
        columns=COLUMNS,
        ask=ask,
        above=totals,
    )
    return [made.page()]
