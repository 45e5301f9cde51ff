"""What each worker recorded, per child, month and kind, and how long after it happened."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta, timezone
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, fetch, only, paged
from services.casefile.readmodels.units import UNDER

# Without the time zone's history, which ended in 1991: it would cost more than all the rest.
CHINA = timezone(timedelta(hours=8))
ACTIVITY = Table(
    name="worker_activity",
    columns={
        "case_id": "uuid NOT NULL",
        "staff": "text NOT NULL",
        "month": "text NOT NULL",
        "kind": "text NOT NULL",
        "unit": "text NOT NULL",
        "times": "integer NOT NULL",
        "late": "integer NOT NULL",
        "lag_days": "integer NOT NULL",
        "longest_lag": "integer NOT NULL",
        "last_on": "date NOT NULL",
    },
    key=("case_id", "staff", "month", "kind", "unit"),
    indexes=("staff, month", "unit, month"),
    adds={
        "times": "held.times + new.times",
        "late": "held.late + new.late",
        "lag_days": "held.lag_days + new.lag_days",
        "longest_lag": "greatest(held.longest_lag, new.longest_lag)",
        "last_on": "greatest(held.last_on, new.last_on)",
    },
)
Place = tuple[str, str, str, str]
Tally = tuple[int, int, int, int, date]
COLUMNS = ", ".join(ACTIVITY.columns)
FROM = "FROM readmodels.worker_activity"
GROUPS = ("staff", "month", "unit", "kind")
SUMS = (
    "count(DISTINCT case_id)::int, sum(times)::int, sum(late)::int, sum(lag_days)::int, "
    "max(longest_lag), max(last_on)"
)


class WorkerActivityModel(Model):
    """All sums: only an amendment writes a case anew."""

    name = "worker_activity"
    version = 1
    tables = (ACTIVITY,)

    def __init__(self, entry_deadline_days: int = 7) -> None:
        self._deadline = entry_deadline_days

    def restates(self, entry: Entry) -> bool:  # noqa: ARG002
        return False

    def rows(self, case: Folded) -> Rows:
        return self.added(case.current)

    def added(self, entries: Sequence[Entry]) -> Rows:
        return {"worker_activity": self._tallied(entries)}

    def _tallied(self, entries: Sequence[Entry]) -> Iterable[Row]:
        tallies: dict[Place, Tally] = {}
        for entry in entries:
            if entry.kind.stream == "case" and entry.env.source != "system":
                env, on = entry.env, entry.env.occurred_on
                worker, lag = env.performed_by or env.recorded_by, lag_days(entry)
                place = (worker.staff, month_of(on), entry.kind.slug, worker.unit)
                mine = (1, lag > self._deadline, lag, lag, on)
                known = tallies.get(place)
                tallies[place] = mine if known is None else joined(known, mine)
        return [
            (entries[0].stream_id, *place, times, int(late), *rest)
            for place, (times, late, *rest) in tallies.items()
        ]


def joined(a: Tally, b: Tally) -> Tally:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2], max(a[3], b[3]), max(a[4], b[4]))


@cache
def month_of(day: date) -> str:
    return day.isoformat()[:7]


def lag_days(entry: Entry) -> int:
    """Days from what happened to its record, by the calendar in China."""
    return entry.recorded_at.astimezone(CHINA).toordinal() - entry.env.occurred_on.toordinal()


class ActivityRow(msgspec.Struct, frozen=True):
    """A worker's records of one kind for one child in one month."""

    case_id: UUID
    staff: str
    month: str
    kind: str
    unit: str
    times: int
    late: int
    lag_days: int
    longest_lag: int
    last_on: date


class ActivityTotal(msgspec.Struct, frozen=True):
    """Many such rows, added up over what `by` names."""

    by: dict[str, str]
    children: int
    times: int
    late: int
    lag_days: int
    longest_lag: int
    last_on: date


class ActivityFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Months as YYYY-MM, both included. `under` means a unit and all below it."""

    staff: str | None = None
    unit: str | None = None
    under: str | None = None
    case_id: UUID | None = None
    kind: str | None = None
    since_month: str | None = None
    until_month: str | None = None


class WorkerActivity:
    """Questions about who recorded what, and how promptly."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: ActivityFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[ActivityRow]:
        where = _where(asked).after(ACTIVITY, ACTIVITY.key, after)
        select = f"SELECT {COLUMNS} {FROM}"
        return paged(self._pool, select, where, ACTIVITY.key, limit, ActivityRow)

    def totals(
        self, asked: ActivityFilter, by: Sequence[str] = ("staff", "month")
    ) -> list[ActivityTotal]:
        where, groups = _where(asked), ", ".join(only(by, GROUPS))
        statement = f"SELECT {groups}, {SUMS} {FROM} {where} GROUP BY {groups} ORDER BY {groups}"

        def total(*row: Any) -> ActivityTotal:
            return ActivityTotal(dict(zip(by, row, strict=False)), *row[len(by) :])

        return fetch(self._pool, statement, where.values, total)


def _where(asked: ActivityFilter) -> Where:
    where = Where(staff=asked.staff, unit=asked.unit, case_id=asked.case_id, kind=asked.kind).add(
        f"unit IN {UNDER}", asked.under
    )
    return where.add("month >= %s", asked.since_month).add("month <= %s", asked.until_month)
