"""What was and is owed to one child, judged from her stream whenever somebody asks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.days import CHINA, day_in_china, end_of
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.obligation import Obligation, State
from services.casefile.domain.cadence.policy import Obligor
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.effective import effective, known_by, target_of
from services.casefile.domain.entry import Entry
from services.casefile.domain.refusals import CaseNotFound
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.history.accountability import OwedBy, owed_by
from services.casefile.history.obligation_rows import ObligationRow, Speaking
from services.casefile.history.view import NOW, Moment
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder

FURTHEST = timedelta(days=366)
INSTANT = timedelta(microseconds=1)
Place = tuple[date, str, int, str, str]


class Rulebooks(Protocol):
    """Where the rules of today come from."""

    def fresh(self) -> Rulebook: ...


class ObligationFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What is not named does not matter. `since` and `until`: windows that touch these days."""

    policy: str | None = None
    rule: str | None = None
    obligor: Obligor | None = None
    states: tuple[State, ...] = ()
    since: date | None = None
    until: date | None = None


class ObligationsOfCase(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what was owed, the newest window first."""

    case_id: UUID
    version: int
    as_of: date | None
    known_at: datetime | None
    judged_at: datetime
    total: int
    rows: tuple[ObligationRow, ...]
    next: Place | None


class Accountability(msgspec.Struct, frozen=True, kw_only=True):
    """Who owed one contact to the child on every day, without a gap."""

    case_id: UUID
    rule: str
    since: date
    until: date
    spans: tuple[OwedBy, ...]


class Judged(NamedTuple):
    """A file at a moment, with everything that was owed by then."""

    entries: Sequence[Entry]
    rulebook: Rulebook
    at: datetime
    obligations: Sequence[Obligation]


ALL = ObligationFilter()


class Obligations:
    """Reads one stream and judges it; nothing is stored, so nothing can be stale."""

    def __init__(
        self, recorder: CasefileRecorder, mapper: CasefileMapper, rulebooks: Rulebooks
    ) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self._rulebooks = rulebooks

    def of(
        self,
        case_id: UUID,
        moment: Moment,
        now: datetime,
        *,
        asked: ObligationFilter = ALL,
        after: Place | None = None,
        limit: int = 100,
    ) -> ObligationsOfCase:
        """What was owed at a moment of both clocks, as it was judged then."""
        judged = self._judged(case_id, moment, now, asked.until)
        found = [o for o in judged.obligations if is_asked_for(o, asked, judged.at)]
        found.sort(key=place_of, reverse=True)
        rest = [o for o in found if after is None or place_of(o) < after]
        speaking = Speaking(judged.rulebook.rulings, effective(judged.entries), judged.at)
        return ObligationsOfCase(
            case_id=case_id,
            version=judged.entries[-1].version,
            as_of=moment.as_of,
            known_at=moment.known_at,
            judged_at=judged.at,
            total=len(found),
            rows=tuple(speaking.row(o) for o in rest[:limit]),
            next=place_of(rest[limit - 1]) if len(rest) > limit else None,
        )

    def accountability(
        self,
        case_id: UUID,
        rule: str,
        since: date,
        until: date,
        now: datetime,
        *,
        policy: str | None = None,
    ) -> Accountability:
        """Who owed it on every day from one to the other, both included."""
        judged = self._judged(case_id, NOW, now, until)
        asked = ObligationFilter(policy=policy, rule=rule)
        owed = [o for o in judged.obligations if is_asked_for(o, asked, judged.at)]
        spans = owed_by(owed, since, until)
        return Accountability(
            case_id=case_id, rule=rule, since=since, until=until, spans=tuple(spans)
        )

    def _judged(
        self, case_id: UUID, moment: Moment, now: datetime, until: date | None = None
    ) -> Judged:
        at = clock_of(moment, now)
        entries = self._known(case_id, moment)
        rulebook = self._rulebook(moment.known_at)
        last = min(max(until or date.min, day_in_china(at)), day_in_china(now) + FURTHEST)
        found = judge(Subject(case_id, "case", entries), rulebook, at, last)
        return Judged(entries, rulebook, at, found.obligations)

    def _known(self, case_id: UUID, moment: Moment) -> Sequence[Entry]:
        entries = self._mapper.entries(case_id, self._recorder.stream(case_id))
        known = known_until(known_by(entries, moment.known_at), moment.as_of)
        if not any(entry.kind.slug == "opening" for entry in known):
            raise CaseNotFound
        return known

    def _rulebook(self, known_at: datetime | None) -> Rulebook:
        """The rules as they were known at that moment."""
        current = self._rulebooks.fresh()
        if known_at is None:
            return current
        entries = self._mapper.entries(RULEBOOK, self._recorder.stream(RULEBOOK))
        return Rulebook.of(known_by(entries, known_at), current.units)


def clock_of(moment: Moment, now: datetime) -> datetime:
    """The moment to judge at: what lies ahead is not known to anybody."""
    at = min(now, moment.known_at) if moment.known_at else now
    if moment.as_of is not None:
        at = min(at, end_of(moment.as_of) - INSTANT)
    return at.astimezone(CHINA)


def known_until(entries: Sequence[Entry], as_of: date | None) -> Sequence[Entry]:
    """As it was recorded, without what happened later; an amendment goes with what it amends."""
    if as_of is None:
        return entries
    kept = {e.record_id for e in effective(entries) if e.occurred_on <= as_of}
    return [e for e in entries if (target_of(e) if e.kind.amends else e.record_id) in kept]


def place_of(obligation: Obligation) -> Place:
    window = obligation.window
    return (
        window.starts_on, obligation.policy, obligation.version, obligation.rule, window.key,
    )  # fmt: skip


def is_asked_for(obligation: Obligation, asked: ObligationFilter, now: datetime) -> bool:
    named = (
        (asked.policy, obligation.policy),
        (asked.rule, obligation.rule),
        (asked.obligor, obligation.obligor),
    )
    if any(wanted is not None and wanted != found for wanted, found in named):
        return False
    if asked.states and obligation.state(now) not in asked.states:
        return False
    return touches(obligation, asked.since, asked.until)


def touches(obligation: Obligation, since: date | None, until: date | None) -> bool:
    window = obligation.window
    is_over = since is not None and window.ends_on < since
    is_ahead = until is not None and window.starts_on > until
    return not (is_over or is_ahead)
