"""The panel of back-filling over the headers of records, one answer for one place in the log."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from datetime import date
from threading import Lock
from time import monotonic
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from psycopg.rows import TupleRow, tuple_row

from services.casefile.domain.backfill.header import Asked, Header
from services.casefile.domain.backfill.panel import Panel, panel
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.refusals import Refused
from services.casefile.following.whereabouts import Whereabouts
from services.casefile.readmodels.pages import Pool, Where, fetch
from services.casefile.readmodels.units import UNDER

By = Literal["worker", "unit"]
# More would take a request too long; the command line takes as many as there are.
MOST = 400_000
KEPT = 4
SECONDS_KEPT = 60.0
FETCHED = 5_000
ORDINAL = "({} - DATE '0001-01-01' + 1)"
IN_CHINA = "(e.recorded_at AT TIME ZONE 'Asia/Shanghai')::date"
# What is said of earlier records has no day of its own to be late for.
WITHOUT = tuple(k.slug for k in catalogue() if k.family == "correction" or k.slug == "opening")
SELECT = f"""
SELECT e.performed_by, e.performed_unit, e.performed_role, e.case_id, e.kind, e.source,
       {ORDINAL.format("e.occurred_on")}, {ORDINAL.format(IN_CHINA)},
       {ORDINAL.format("e.device_on")}, r.village, u.parent, e.group_id
FROM readmodels.entries e
LEFT JOIN readmodels.roster r USING (case_id)
LEFT JOIN readmodels.units u ON u.code = r.village
"""


class TooManyRecords(Refused):
    """There are too many records to compare at once."""

    remedy = "Name a smaller unit in `among`, or a shorter time."


class BackfillAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Records entered from one day to another; `among`: those of a unit and all below it."""

    since: date
    until: date
    by: By = "worker"
    announced_on: date | None = None
    among: str | None = None
    days_off: tuple[date, ...] = ()


class BackfillReport(msgspec.Struct, frozen=True):
    """A panel, and the place in the log it was made at."""

    asked: BackfillAsked
    position: int
    panel: Panel


class Kept(NamedTuple):
    """A report, and when it was made."""

    report: BackfillReport
    made_at: float


class Backfill:
    """Makes panels. The last few are kept for a minute, so that pages are of one answer; each says
    the place in the log it was made at."""

    def __init__(self, pool: Pool, most: int = MOST) -> None:
        self._pool = pool
        self._most = most
        self._whereabouts = Whereabouts(pool)
        self._lock = Lock()
        self._known: OrderedDict[BackfillAsked, Kept] = OrderedDict()

    def report(self, asked: BackfillAsked, at_least: int = 0) -> BackfillReport:
        """The panel, from the place in the log that is asked for or later."""
        position = self._whereabouts.position("entries")
        with self._lock:
            kept = self._known.get(asked)
        if kept is not None and is_good(kept, position, at_least):
            return kept.report
        made = BackfillReport(asked, position, panel(self._subjects(asked), as_asked(asked)))
        with self._lock:
            self._known[asked] = Kept(made, monotonic())
            self._known.move_to_end(asked)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return made

    def units_below(self, unit: str) -> frozenset[str]:
        """The unit and all below it."""
        return frozenset(fetch(self._pool, f"SELECT code FROM {UNDER} AS b", [unit], str))

    def _subjects(self, asked: BackfillAsked) -> dict[str, list[Header]]:
        found: defaultdict[str, list[Header]] = defaultdict(list)
        for header in self.headers(asked):
            found[header.worker if asked.by == "worker" else header.unit].append(header)
        return found

    def headers(self, asked: BackfillAsked) -> Iterator[Header]:
        """What people entered and still counts; a session with many children counts once."""
        sessions: set[tuple[str, UUID]] = set()
        for count, (*values, group) in enumerate(self._rows(asked)):
            if count >= self._most:
                raise TooManyRecords
            header = Header(*values)
            if group is not None:
                if (header.worker, group) in sessions:
                    continue
                sessions.add((header.worker, group))
            yield header

    def _rows(self, asked: BackfillAsked) -> Iterator[TupleRow]:
        where = conditions(asked)
        statement = f"{SELECT} {where}".encode()
        with (
            self._pool.connection() as connection,
            connection.transaction(),
            connection.cursor("backfill", row_factory=tuple_row) as cursor,
        ):
            cursor.itersize = FETCHED
            yield from cursor.execute(statement, where.values)


def is_good(kept: Kept, position: int, at_least: int) -> bool:
    made_at = kept.report.position
    is_young = monotonic() - kept.made_at < SECONDS_KEPT
    return made_at == position or (is_young and made_at >= at_least)


def conditions(asked: BackfillAsked) -> Where:
    where = Where().add("e.source <> %s", "system").add("e.state <> %s", "annulled")
    where.add("e.kind <> ALL(%s)", list(WITHOUT))
    where.add("e.recorded_at >= (%s::date::timestamp AT TIME ZONE 'Asia/Shanghai')", asked.since)
    where.add(
        "e.recorded_at < ((%s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')", asked.until
    )
    return where.add(f"e.performed_unit IN {UNDER}", asked.among)


def as_asked(asked: BackfillAsked) -> Asked:
    announced: Any = asked.announced_on
    return Asked(
        since=asked.since.toordinal(),
        until=asked.until.toordinal(),
        announced_on=None if announced is None else announced.toordinal(),
        days_off=frozenset(day.toordinal() for day in asked.days_off),
    )
