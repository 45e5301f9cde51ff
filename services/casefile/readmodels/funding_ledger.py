"""The funding ledger: what each child was promised, what was paid, and what somebody verified."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import value
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.entitlements import FUNDING, entitlements
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, fetch, only, paged
from services.casefile.readmodels.units import UNDER

LEDGER = Table(
    name="funding_ledger",
    columns={
        "case_id": "uuid NOT NULL",
        "record_id": "uuid NOT NULL",
        "entitlement": "text NOT NULL",
        "scheme": "text",
        "payer": "text",
        "rhythm": "text",
        "granted_on": "date NOT NULL",
        "granted_fen": "bigint",
        "rate_fen": "bigint",
        "starts_on": "date NOT NULL",
        "ends_on": "date",
        "stopped_on": "date",
        "disbursed_fen": "bigint NOT NULL",
        "disbursed_on": "date",
        "verified_fen": "bigint",
        "verified_on": "date",
        "found": "text",
        "village": "text",
        "school": "text",
        "class_unit": "text",
    },
    key=("case_id", "record_id"),
    indexes=("scheme", "village", "school", "granted_on, case_id, record_id"),
)
WHERE_TO = ("village", "school", "class_unit")
STATED = frozenset(f"child.{name}" for name in WHERE_TO)
SELECT = f"SELECT {', '.join(LEDGER.columns)} FROM readmodels.funding_ledger"
OLDEST_FIRST = ("granted_on", "case_id", "record_id")
UNVERIFIED = "entitlement <> 'in_kind' AND verified_on IS NULL AND granted_on < %s"
# The codes are found once, so that an index can be asked for them.
BELOW = f"ANY(ARRAY{UNDER})"
LIVES_UNDER = f"(village = {BELOW} OR school = {BELOW} OR class_unit = {BELOW})"
GROUPS = ("scheme", "payer", "entitlement", "village", "school")
SUMS = (
    "count(*)::int, count(DISTINCT case_id)::int, coalesce(sum(granted_fen), 0)::bigint, "
    "coalesce(sum(disbursed_fen), 0)::bigint, coalesce(sum(verified_fen), 0)::bigint, "
    "count(*) FILTER (WHERE verified_on IS NULL)::int"
)


class FundingLedgerModel(Model):
    """A case's money is reckoned anew whenever a record about money comes."""

    name = "funding_ledger"
    version = 1
    tables = (LEDGER,)

    def restates(self, entry: Entry) -> bool:
        if entry.kind.stream != "case":
            return False
        return isinstance(entry.rec, FUNDING) or any(
            path in STATED for path, _ in entry.rec.sets(entry)
        )

    def rows(self, case: Folded) -> Rows:
        return {"funding_ledger": self._entitlements(case)}

    def _entitlements(self, case: Folded) -> Iterable[Row]:
        found = entitlements(case.current)
        if not found:
            return
        lives = [value(case.facts, f"child.{name}") for name in WHERE_TO]
        for one in found:
            yield (case.id, *one.columns(), *lives)


class FundingRow(msgspec.Struct, frozen=True):
    """One entitlement: a grant, an enrolment in a scheme, or goods given. Money in fen."""

    case_id: UUID
    record_id: UUID
    entitlement: str
    scheme: str | None
    payer: str | None
    rhythm: str | None
    granted_on: date
    granted_fen: int | None
    rate_fen: int | None
    starts_on: date
    ends_on: date | None
    stopped_on: date | None
    disbursed_fen: int
    disbursed_on: date | None
    verified_fen: int | None
    verified_on: date | None
    found: str | None
    village: str | None
    school: str | None
    class_unit: str | None


class FundingTotal(msgspec.Struct, frozen=True):
    """Entitlements added up; `unverified` counts those nobody has asked about."""

    group: str | None
    entitlements: int
    children: int
    granted_fen: int
    disbursed_fen: int
    verified_fen: int
    unverified: int


class FundingFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`unit`: children who live or learn in it, or in a unit below it."""

    case_id: UUID | None = None
    scheme: str | None = None
    payer: str | None = None
    entitlement: str | None = None
    unit: str | None = None


class FundingLedger:
    """Questions about money."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: FundingFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[FundingRow]:
        where = _where(asked).after(LEDGER, LEDGER.key, after)
        return paged(self._pool, SELECT, where, LEDGER.key, limit, FundingRow)

    def unverified(
        self,
        granted_before: date,
        asked: FundingFilter,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page[FundingRow]:
        """Granted before that day, and nobody has asked since whether it arrived; oldest first."""
        where = _where(asked).add(UNVERIFIED, granted_before).after(LEDGER, OLDEST_FIRST, after)
        return paged(self._pool, SELECT, where, OLDEST_FIRST, limit, FundingRow)

    def totals(self, asked: FundingFilter, by: str = "scheme") -> list[FundingTotal]:
        [by], where = only([by], GROUPS), _where(asked)
        statement = f"SELECT {by}, {SUMS} FROM readmodels.funding_ledger {where} GROUP BY 1"
        return fetch(self._pool, f"{statement} ORDER BY 1", where.values, FundingTotal)


def _where(asked: FundingFilter) -> Where:
    equal: dict[str, Any] = msgspec.structs.asdict(asked)
    unit = equal.pop("unit")
    return Where(**equal).add(LIVES_UNDER, unit)
