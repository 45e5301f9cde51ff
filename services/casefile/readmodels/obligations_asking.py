"""What questions about obligations have in common: their filters, and the states they show."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.cadence.obligation import State
from services.casefile.domain.cadence.policy import Obligor
from services.casefile.readmodels.pages import Where, only
from services.casefile.readmodels.units import UNDER

# The codes are found once, so that an index can be asked for them.
BELOW = f"ANY(ARRAY{UNDER})"
BELONGS_UNDER = f"(village = {BELOW} OR school = {BELOW} OR class_unit = {BELOW} OR unit = {BELOW})"
DECIDED = ("fulfilled", "missed", "late", "waived", "suspended", "not_due")
GROUPS = ("accountable", "unit", "class_unit", "school", "village", "township", "rule", "obligor")
# The township above the child's village or school, or above the unit that owes it.
TOWNSHIPS = """LEFT JOIN (
    WITH RECURSIVE towns AS (
        SELECT code AS township, code FROM readmodels.units WHERE kind = 'township'
        UNION SELECT t.township, u.code FROM readmodels.units u JOIN towns t ON u.parent = t.code
    ) SELECT code, min(township) AS township FROM towns GROUP BY code
) AS towns ON towns.code = coalesce(village, school, unit)"""


class OwedFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What is not set is not asked. `unit` owes it; `under`: of a unit and all below it."""

    case_id: UUID | None = None
    accountable: str | None = None
    unit: str | None = None
    under: str | None = None
    village: str | None = None
    school: str | None = None
    class_unit: str | None = None
    policy: str | None = None
    rule: str | None = None
    obligor: Obligor | None = None


class BoardFilter(OwedFilter, frozen=True, kw_only=True):
    """`states`: any of them. `ahead`: windows too that have not begun."""

    states: tuple[State, ...] = ()
    due_since: date | None = None
    due_until: date | None = None
    ahead: bool = False


def owed(asked: OwedFilter) -> Where:
    equal: dict[str, Any] = {name: getattr(asked, name) for name in OwedFilter.__struct_fields__}
    case_id, under = equal.pop("case_id"), equal.pop("under")
    return Where(subject_id=case_id, **equal).add(BELONGS_UNDER, under)


def on_board(asked: BoardFilter, now: datetime) -> Where:
    where = owed(asked).add("due_on >= %s", asked.due_since).add("due_on <= %s", asked.due_until)
    if not asked.ahead:
        where.add("starts_on <= %s", day_in_china(now))
    if asked.states:
        where.parts.append(f"({' OR '.join(is_in(state, now) for state in asked.states)})")
    return where


def is_in(state: State, now: datetime) -> str:
    """The condition for a state; the same as `Obligation.state`."""
    moment, today = literal(now), f"date '{day_in_china(now)}'"
    if state in DECIDED:
        return f"outcome = '{state}'"
    if state == "overdue":
        return f"(outcome = 'open' AND overdue_from <= {moment})"
    near = "<=" if state == "due_soon" else ">"
    return (
        f"(outcome = 'open' AND overdue_from > {moment} AND due_on - {today} {near} due_soon_days)"
    )


def literal(moment: datetime) -> str:
    return f"timestamptz '{moment.isoformat()}'"


def state_at(now: datetime) -> str:
    """The state as an expression."""
    return (
        f"CASE WHEN {is_in('overdue', now)} THEN 'overdue' "
        f"WHEN {is_in('due_soon', now)} THEN 'due_soon' ELSE outcome END"
    )


def grouped(by: str) -> str:
    """What to group by, as an expression that is never null."""
    [by] = only([by], GROUPS)
    return f"coalesce({by}, '')"


def windows(by: str) -> str:
    """Where to select from, so that it can be grouped like that."""
    return f"readmodels.obligations {TOWNSHIPS if by == 'township' else ''}"
