"""What moved between two inspections of a scope, so that only that has to be read again.

Both cuts are pinned, so the answer stays the same however often it is asked for.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.families.rulebook import (
    HolidayNoticeLoaded,
    PolicyAdopted,
    PolicyWithdrawn,
    TermCalendarAdopted,
)
from services.casefile.domain.inspection_refusals import NoEarlierInspection
from services.casefile.domain.record import Record
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.history.inspections import InspectionReader
from services.casefile.history.pinning import Pinned
from services.casefile.history.population import Populations, Scope
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.readmodels.inspections import Inspections
from services.casefile.readmodels.pages import Cursor, Page, Pool, cut, fetch
from services.casefile.reports.since_last_rows import (
    CHANGES,
    Change,
    ChangeCount,
    ChangedRecord,
    CutThen,
    Movement,
    RuleChange,
    SinceLast,
)

# The first that fits.
CHANGE = """CASE
  WHEN kind = 'correction' THEN 'corrected'
  WHEN kind = 'annulment' THEN 'annulled'
  WHEN kind = 'opening' THEN 'opened'
  WHEN kind IN ('closure', 'term_file') THEN 'closed'
  WHEN kind = 'reopening' THEN 'reopened'
  WHEN kind IN ('transfer', 'handover') THEN 'handed_over'
  WHEN kind IN ('merge', 'absorption', 'unmerge', 'separation') THEN 'merged'
  WHEN kind = 'waiver' THEN 'waived'
  WHEN source = 'system' THEN 'declared'
  WHEN occurred_on <= %(before)s THEN 'back_filled'
  ELSE 'added'
END"""
COLUMNS = (
    "case_id, version, position, record_id, kind, occurred_on, recorded_at, lag_days, "
    "performed_by, recorded_by, state"
)
MOVED = f"""
SELECT {COLUMNS}, {CHANGE} AS change FROM readmodels.entries
WHERE position > %(after)s AND position <= %(until)s AND case_id = ANY(%(cases)s)
  AND (occurred_on <= %(as_of)s OR kind IN ('correction', 'annulment'))
"""
COUNTS = f"SELECT change, count(*), count(DISTINCT case_id) FROM ({MOVED}) m GROUP BY change"
PAGE = f"""
SELECT {COLUMNS}, change FROM ({MOVED}) m
WHERE (%(change)s::text IS NULL OR change = %(change)s) AND position > %(place)s
ORDER BY position LIMIT %(limit)s
"""
RULES = (PolicyAdopted, PolicyWithdrawn, TermCalendarAdopted, HolidayNoticeLoaded)


class Between(NamedTuple):
    """Two inspections, their scopes, and the files of each."""

    earlier_id: UUID
    later_id: UUID
    earlier: Scope
    later: Scope
    before: Collection[UUID]
    after: Collection[UUID]


class Changes:
    """Asks the entries and the rulebook."""

    def __init__(
        self,
        pool: Pool,
        populations: Populations,
        reader: InspectionReader,
        recorder: CasefileRecorder,
        mapper: CasefileMapper,
    ) -> None:
        self._pool = pool
        self._populations = populations
        self._reader = reader
        self._recorder = recorder
        self._mapper = mapper
        self._inspections = Inspections(pool)

    def since_last(self, inspection_id: UUID, earlier: UUID | None = None) -> SinceLast:
        """Without an earlier one named, it is the last that was pinned before, of the same scope."""
        between = self._between(inspection_id, earlier)
        found = fetch(self._pool, COUNTS, asked(between), ChangeCount)
        counts = {count.change: count for count in found}
        return SinceLast(
            unit=between.later.unit,
            earlier=cut_then(between.earlier_id, between.earlier.pinned, between.before),
            later=cut_then(between.later_id, between.later.pinned, between.after),
            counts=tuple(counts.get(name, ChangeCount(name, 0, 0)) for name in CHANGES),
            came=len(set(between.after) - set(between.before)),
            went=len(set(between.before) - set(between.after)),
            rules=tuple(self._rules(between)),
        )

    def records(
        self,
        inspection_id: UUID,
        earlier: UUID | None = None,
        change: Change | None = None,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page[ChangedRecord]:
        """The records behind the counts, in the order in which the log took them."""
        values = asked(self._between(inspection_id, earlier))
        place = 0 if after is None else int(after[0])
        values |= {"change": change, "place": place, "limit": limit + 1}
        rows = fetch(self._pool, PAGE, values, ChangedRecord)
        return cut(rows, ("position",), limit)

    def moved(self, inspection_id: UUID, earlier: UUID | None, movement: Movement) -> list[UUID]:
        """The files that belonged to the scope at one of the cuts only, by id."""
        between = self._between(inspection_id, earlier)
        before, after = set(between.before), set(between.after)
        return sorted(after - before if movement == "came" else before - after)

    def position(self, inspection_id: UUID) -> int:
        """How far the entries have to be for an answer."""
        return Scope.of(self._reader.facts(inspection_id)).pinned.position

    def _between(self, inspection_id: UUID, earlier: UUID | None) -> Between:
        later = Scope.of(self._reader.facts(inspection_id))
        if earlier is None:
            earlier = self._inspections.before(later.unit, later.pinned.position)
        if earlier is None:
            raise NoEarlierInspection
        then = Scope.of(self._reader.facts(earlier))
        if then.pinned.position > later.pinned.position:
            raise NoEarlierInspection
        # The same unit at both cuts, whatever the earlier inspection was about.
        then = then._replace(unit=later.unit)
        of = self._populations.of
        return Between(earlier, inspection_id, then, later, of(then).keys(), of(later).keys())

    def _rules(self, between: Between) -> Iterator[RuleChange]:
        after, until = between.earlier.pinned.position, between.later.pinned.position
        entries = self._mapper.entries(RULEBOOK, self._recorder.stream(RULEBOOK))
        for entry in entries:
            if after < entry.position <= until and isinstance(entry.rec, RULES):
                what, version = named(entry.rec)
                yield RuleChange(
                    kind=entry.kind.slug,
                    what=what,
                    version=version,
                    occurred_on=entry.occurred_on,
                    recorded_at=entry.recorded_at,
                    position=entry.position,
                )


def named(rec: Record) -> tuple[str, int | None]:
    if isinstance(rec, PolicyAdopted):
        return rec.document.policy, rec.document.version
    if isinstance(rec, PolicyWithdrawn):
        return rec.policy, None
    if isinstance(rec, TermCalendarAdopted):
        return rec.calendar, None
    assert isinstance(rec, HolidayNoticeLoaded)
    return str(rec.year), None


def asked(between: Between) -> dict[str, object]:
    return {
        "after": between.earlier.pinned.position,
        "until": between.later.pinned.position,
        "before": between.earlier.pinned.as_of,
        "as_of": between.later.pinned.as_of,
        "cases": sorted({*between.before, *between.after}),
    }


def cut_then(inspection_id: UUID, pinned: Pinned, cases: Collection[UUID]) -> CutThen:
    return CutThen(
        inspection_id=inspection_id,
        as_of=pinned.as_of,
        known_at=pinned.known_at,
        position=pinned.position,
        cases=len(cases),
    )
