"""R22: money by where it comes from (五个一点), budgets by purpose, and what was bought from others."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.casefile.history.cohort import CASES, Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.delivered import AGREEMENTS, Agreements
from services.casefile.reports.funding import Money, granted
from services.casefile.reports.report import Column, Report, Row, Share, Table

SOURCE_OF = {
    "civil_affairs": "state_budget",
    "education": "state_budget",
    "finance": "state_budget",
    "women_federation": "departments",
    "youth_league": "departments",
    "next_generation_committee": "departments",
    "township": "on_the_spot",
    "village": "on_the_spot",
    "school": "on_the_spot",
    "lottery_fund": "society",
    "foundation": "society",
    "enterprise": "society",
    "social_organisation": "society",
    "sponsor": "individuals",
    "staff_member": "individuals",
}
SOURCES = tuple(dict.fromkeys(SOURCE_OF.values()))
UNKNOWN = "not_stated"
SUMS = (
    Column("children", "Children", "count"),
    Column("grants", "Grants", "count"),
    Column("granted", "Granted (yuan)", "fen"),
    Column("paid", "Paid out (yuan)", "fen"),
    Column("owed", "Still to pay (yuan)", "fen"),
)
BY_SOURCE = (Column("source_of_money", "Source of money", "code"), *SUMS)
BY_PAYER = (
    Column("source_of_money", "Source of money", "code"),
    Column("payer", "Payer", "code"),
    Column("entitlement", "Entitlement", "code"),
    Column("scheme", "Scheme", "code"),
    *SUMS,
)
BUDGET = (
    Column("unit", "Unit", "unit"),
    Column("year", "Year"),
    Column("payer", "Payer", "code"),
    Column("budget_purpose", "Purpose", "code"),
    Column("amount", "Amount (yuan)", "fen"),
    Column("total", "In all (yuan)", "fen"),
    Column("share", "Of all (yuan of yuan)", "share"),
)
NOTES = (
    "Which payer belongs to which of the five sources (五个一点) is laid down by this report.",
    "Granted is what one grant or one payment of an enrolment was for, not what it adds up to. Counted are those of the days asked about.",
    "Still to pay is known of grants made once. Of what is paid at a rhythm nobody can say what the whole is, so it is left empty.",
    "A budget line is what the unit set down last for the year, payer and purpose.",
)
Key = tuple[str, str | None, str, str | None]
"""Source, payer, form of the entitlement, scheme."""


class Sums:
    """What came together for one source, or for one payer and scheme."""

    def __init__(self) -> None:
        self.children: set[UUID] = set()
        self.grants = self.granted = self.paid = 0
        self.owed: int | None = None

    def take(self, child: Seen, money: Money) -> None:
        self.children.add(child.id)
        self.grants += 1
        self.granted += money.granted or 0
        self.paid += money.paid
        left = left_of(money)
        if left is not None:
            self.owed = (self.owed or 0) + left

    @property
    def cells(self) -> Row:
        return len(self.children), self.grants, self.granted, self.paid, self.owed


def left_of(money: Money) -> int | None:
    """What has not been paid of a grant made once; nothing more of one that was stopped."""
    if money.one.form != "grant" or money.one.rhythm != "once":
        return None
    if money.one.stopped_on is not None:
        return 0
    left: int = (money.granted or 0) - money.paid
    return max(left, 0)


def draw(ground: Ground) -> Report:
    agreements = Agreements(ground)
    sums: defaultdict[Key, Sums] = defaultdict(Sums)
    sources: dict[str, Sums] = {source: Sums() for source in SOURCES}
    budget: list[Row] = []
    children = 0
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(CASES | {"group", "unit"}, ground.progress, ground.asked.unit):
        if not seen.is_within(ground.asked.unit):
            continue
        agreements.take(seen)
        if seen.stream == "unit":
            budget += lines(ground, seen)
        elif seen.stream == "case" and seen.fact("status") is not None:
            children += 1
            for money in granted(ground, seen):
                key = key_of(money)
                sums[key].take(seen, money)
                sources.setdefault(key[0], Sums()).take(seen, money)
    ground.refuse_empty(children)
    by_payer = [(*key, *sums[key].cells) for key in sorted(sums, key=str)]
    tables = (
        Table(name="sources", title="By source", columns=BY_SOURCE,
              rows=[(source, *each.cells) for source, each in sources.items()]),
        Table(name="payers", title="By payer and scheme", columns=BY_PAYER, rows=by_payer),
        Table(name="budget", title="Budget lines", columns=BUDGET, rows=sorted(budget, key=str)),
        Table(name="agreements", title="Bought from others, agreed and done", columns=AGREEMENTS,
              rows=list(agreements.rows()), notes=agreements.notes),
    )  # fmt: skip
    return ground.report(children=children, tables=tables, notes=NOTES, days=True)


def key_of(money: Money) -> Key:
    one = money.one
    source = SOURCE_OF.get(one.payer or "", UNKNOWN)
    return source, one.payer, one.form, one.scheme


def lines(ground: Ground, unit: Seen) -> Iterator[Row]:
    """The shares of a unit's money, of the years asked about."""
    years = range(ground.since.year, ground.until.year + 1)
    for path, fact in unit.under("budget").items():
        year, payer, purpose = path.split(".")
        if int(year) in years:
            said: Any = fact.value
            amount, total = said["fen"], said["total_fen"]
            share = Share(amount // 100, total // 100)
            yield str(unit.fact("unit.code")), year, payer, purpose, amount, total, share
