"""How well what was owed was done: counted by window, always with what it is a part of.

Staff and parents are never counted together, nor two versions of a policy.
"""

from datetime import date, datetime

import msgspec

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.following.model import Table
from services.casefile.readmodels.obligations_asking import (
    OwedFilter,
    grouped,
    literal,
    owed,
    windows,
)
from services.casefile.readmodels.obligations_tables import COUNTS, OBLIGATIONS, SORT
from services.casefile.readmodels.pages import LONGEST, Cursor, Pool, Where, cut, fetch

KEY = ("policy", "version", "obligor", "of")
KEYED = Table(name="totals", columns=OBLIGATIONS.columns | {"of": "text"}, key=KEY)
DONE = "outcome IN ('fulfilled', 'late')"
COUNTED = {
    "fulfilled": "outcome = 'fulfilled' AND in_window AND entered_in_time",
    "entered_late": "outcome = 'fulfilled' AND in_window AND NOT entered_in_time",
    "done_late": "outcome = 'fulfilled' AND NOT in_window",
    "made_good": "outcome = 'late'",
    "missed": "outcome = 'missed'",
    "waived": "outcome = 'waived'",
    "suspended": "outcome = 'suspended'",
    "not_due": "outcome = 'not_due'",
    "still_open": "outcome = 'open' AND closes_at > {now}",
    "undecided": "outcome = 'open' AND closes_at <= {now}",
    "in_window_in_time": f"{DONE} AND in_window AND entered_in_time",
    "in_window_entered_late": f"{DONE} AND in_window AND NOT entered_in_time",
    "after_window_in_time": f"{DONE} AND NOT in_window AND entered_in_time",
    "after_window_entered_late": f"{DONE} AND NOT in_window AND NOT entered_in_time",
}
COUNTS_OF_ALL = f"readmodels.{COUNTS.name}"
POSITION = "SELECT position FROM casefile.followers WHERE name = 'obligations' AND state = 'active'"


class Share(msgspec.Struct, frozen=True):
    """So many of so many. There is no rate without it."""

    n: int
    of: int

    @property
    def rate(self) -> float | None:
        """None when there was nothing to do."""
        return self.n / self.of if self.of else None


class ComplianceTotal(msgspec.Struct, frozen=True):
    """The windows of one version of a policy, owed by staff or by parents.

    `fulfilled`, `entered_late` and `done_late` (in the grace after the window) were done before
    the close, `made_good` was missed first. The last four are all that was ever done, by the two
    answers: was it done in the window, was it entered in time.
    """

    policy: str
    version: int
    obligor: str
    of: str | None
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
    in_window_in_time: int
    in_window_entered_late: int
    after_window_in_time: int
    after_window_entered_late: int

    @property
    def kept(self) -> Share:
        """Done before the close, of all that was owed and is decided."""
        done = self.fulfilled + self.entered_late + self.done_late
        return Share(done, done + self.made_good + self.missed)

    @property
    def kept_in_time(self) -> Share:
        """Done in the window and entered in time, of the same."""
        return Share(self.fulfilled, self.kept.of)


class ComplianceReport(msgspec.Struct, frozen=True):
    """Windows that end on days from `since` to `until`, as the log had them at `position`."""

    since: date
    until: date
    asked_at: datetime
    position: int
    by: str
    rows: list[ComplianceTotal]
    next: Cursor | None


class Compliance:
    """Questions about how well it was done."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def totals(
        self,
        asked: OwedFilter,
        since: date,
        until: date,
        now: datetime,
        by: str = "rule",
        after: Cursor | None = None,
        limit: int = 50,
    ) -> ComplianceReport:
        """By rule, accountable, unit, class_unit, school, village, township or obligor."""
        size = max(1, min(limit, LONGEST))
        where = owed(asked).add("ends_on >= %s", since).add("ends_on <= %s", until)
        where.add("starts_on <= %s", day_in_china(now))
        source, n = (COUNTS_OF_ALL, "n") if is_of_all(asked, by) else (windows(by), "1")
        counts = ", ".join(counted(n, condition, now) for condition in COUNTED.values())
        groups = (
            f"SELECT policy, version, obligor, {grouped(by)} AS of, sum({n})::int, {counts} "
            f"FROM {source} {where} GROUP BY 1, 2, 3, 4"
        )
        rest = Where().after(KEYED, KEY, after)
        # One statement, so that the rows and the place in the log belong together.
        statement = (
            f"WITH place AS ({POSITION}), groups AS ({groups}) "
            f"SELECT position, page.* FROM place LEFT JOIN (SELECT * FROM groups {rest} "
            f"ORDER BY {', '.join(KEY)} LIMIT {size + 1}) AS page ON true "
            f"ORDER BY {', '.join(KEY)}"
        )
        found = fetch(self._pool, statement, [*where.values, *rest.values], lambda *row: row)
        rows = [ComplianceTotal(*row[1:]) for row in found if row[1] is not None]
        page = cut(rows, KEY, size)
        position = found[0][0] if found else 0
        named = [nameless(row) for row in page.rows]
        return ComplianceReport(since, until, now, position, by, named, page.next)


def is_of_all(asked: OwedFilter, by: str) -> bool:
    """Whether nothing is asked of a window but its sort, so that the counts can tell."""
    named = {name for name in OwedFilter.__struct_fields__ if getattr(asked, name) is not None}
    return by in SORT and named <= {*SORT}


def counted(n: str, condition: str, now: datetime) -> str:
    return f"coalesce(sum({n}) FILTER (WHERE {condition.format(now=literal(now))}), 0)::int"


def nameless(row: ComplianceTotal) -> ComplianceTotal:
    return row if row.of else msgspec.structs.replace(row, of=None)
