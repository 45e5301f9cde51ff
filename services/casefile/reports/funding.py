"""R8: money and goods: what was granted, what was paid, and what somebody asked after."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from services.casefile.history.cohort import Seen
from services.casefile.readmodels.entitlements import Entitlement, entitlements
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Share, Table
from services.casefile.reports.spooling import Spool

PATIENCE = timedelta(days=30)
SUMS = (
    Column("entitlement", "Entitlement", "code"),
    Column("scheme", "Scheme", "code"),
    Column("grants", "Grants", "count"),
    Column("children", "Children", "count"),
    Column("granted", "Granted (yuan)", "fen"),
    Column("paid", "Paid out (yuan)", "fen"),
    Column("arrived", "Found to have arrived (yuan)", "fen"),
    Column("verified", "Asked after", "share"),
    Column("unpaid", "Nothing paid after 30 days", "count"),
    Column("unverified", "Not asked after for 30 days", "count"),
)
OPEN = (
    Column("case", "Case", "case"),
    Column("record", "Record"),
    Column("entitlement", "Entitlement", "code"),
    Column("scheme", "Scheme", "code"),
    Column("payer", "Payer", "code"),
    Column("granted_on", "Granted on", "day"),
    Column("granted", "Granted (yuan)", "fen"),
    Column("paid", "Paid out (yuan)", "fen"),
    Column("found", "Found", "code"),
    Column("open_for", "Days since", "count"),
)
NOTES = (
    "Granted is what one grant or one payment of an enrolment was for, not what it adds up to.",
    "Asked after: somebody asked the child, the family or the bank whether it came.",
    "Counted are grants made on the days asked about; goods count as paid when they were given.",
)


class Sums:
    """One scheme."""

    def __init__(self) -> None:
        self.children: set[UUID] = set()
        self.grants = self.granted = self.paid = self.arrived = 0
        self.verified = self.unpaid = self.unverified = 0

    def take(self, child: Seen, one: "Money") -> None:
        self.children.add(child.id)
        self.grants += 1
        self.granted += one.granted or 0
        self.paid += one.paid
        self.arrived += one.arrived or 0
        self.verified += one.verified_on is not None
        self.unpaid += one.is_unpaid
        self.unverified += one.is_unverified

    @property
    def cells(self) -> Row:
        shares = Share(self.verified, self.grants)
        money = (self.granted, self.paid, self.arrived)
        return (self.grants, len(self.children), *money, shares, self.unpaid, self.unverified)


class Money:
    """An entitlement as it stood on the day of the cut."""

    def __init__(self, one: Entitlement, day: date) -> None:
        columns = one.columns()
        self.one = one
        self.granted, self.paid = columns[6], columns[11]
        self.arrived, self.verified_on, self.found = columns[13:16]
        self.days = (day - one.granted_on).days
        is_old = day - one.granted_on > PATIENCE
        self.is_unpaid = is_old and not self.paid
        self.is_unverified = is_old and self.verified_on is None and one.form != "in_kind"


def draw(ground: Ground) -> Report:
    sums: defaultdict[tuple[str, str], Sums] = defaultdict(Sums)
    rows = Spool(OPEN, by_key=True)
    children = 0
    for child in ground.cases():
        children += 1
        for money in granted(ground, child):
            sums[money.one.form, money.one.scheme or ""].take(child, money)
            if money.is_unpaid or money.is_unverified:
                rows.add(told(child, money), money.one.granted_on.isoformat())
    totals = [(form, scheme or None, *sums[form, scheme].cells) for form, scheme in sorted(sums)]
    tables = [Table(name="schemes", title="By scheme", columns=SUMS, rows=totals)]
    if ground.reader.case_level:
        tables.append(
            Table(name="open", title="Grants nobody paid or asked after", columns=OPEN, rows=rows)
        )
    return ground.report(children=children, tables=tables, notes=NOTES, days=True)


def granted(ground: Ground, child: Seen) -> Iterator[Money]:
    for one in entitlements(child.current):
        if ground.in_days(one.granted_on):
            yield Money(one, ground.at.pinned.as_of)


def told(child: Seen, money: Money) -> Row:
    one = money.one
    return (
        child.id,
        str(one.record_id),
        one.form,
        one.scheme,
        one.payer,
        one.granted_on,
        money.granted,
        money.paid,
        money.found or "nobody_asked",
        money.days,
    )
