"""Which records prove that a rule was kept, and in which window each of them counts."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.days import CHINA, day_in_china, end_of
from services.casefile.domain.cadence.known import View
from services.casefile.domain.cadence.policy import Rule
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.domain.cadence.shapes import ByLevelShape, CalendarShape, IntervalShape
from services.casefile.domain.cadence.wanted import is_wanted
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author

ASSIGNED = "assigned"


class Count(NamedTuple):
    """What was found for one window."""

    proofs: tuple[Entry, ...]
    least: int
    in_window: bool
    entered_in_time: bool

    @property
    def is_enough(self) -> bool:
        return len(self.proofs) >= self.least


def count(
    ruling: Ruling, window: Window, found: Sequence[Entry], kept: Collection[UUID] = ()
) -> Count:
    """The proofs of a window among what was found; those it had are kept while they suffice."""
    rule = ruling.rule
    proofs = _first((e for e in found if e.record_id in kept), rule) if kept else ()
    if len(proofs) < rule.least:
        proofs = _first(found, rule)
    return Count(
        proofs,
        rule.least,
        all(is_within(window, entry) for entry in proofs),
        all(is_entered_in_time(ruling, entry) for entry in proofs),
    )


def made_up_until(window: Window) -> date:
    """Until when what is done still counts for an open window: the end of its grace."""
    if window.grace_until is not None:
        return window.grace_until
    last = day_in_china(window.overdue_from - timedelta(microseconds=1))
    return max(window.ends_on, last)


def made_good_until(ruling: Ruling, window: Window) -> date:
    """The same after the miss: windows that follow each other take only what happened in them."""
    return window.ends_on if recurs(ruling) else date.max


def recurs(ruling: Ruling) -> bool:
    """Whether its windows follow each other without a gap."""
    return isinstance(ruling.rule.shape, CalendarShape | ByLevelShape | IntervalShape)


def is_made_up(window: Window, entry: Entry) -> bool:
    """Whether it was done by the end of the grace, to the hour where hours count."""
    return window.due_at is None or _happened_by(entry) <= window.overdue_from


def attempts(ruling: Ruling, window: Window, view: View, version: int) -> list[Entry]:
    """What was tried in vain in the window, in the order in which it was recorded."""
    tries = of_rule(ruling, view).tries
    if not tries:
        return []
    tried = [
        entry
        for entry in tries
        if window.starts_on <= entry.env.occurred_on <= window.ends_on and entry.version <= version
    ]
    return sorted(tried, key=lambda entry: entry.version)


def is_candidate(ruling: Ruling, entry: Entry) -> bool:
    """Whether a record can be a proof or an attempt at all."""
    kinds = ruling.rule.kinds
    return entry.kind.slug in kinds or entry.kind.declared.attempt_of in kinds


def is_within(window: Window, entry: Entry) -> bool:
    if entry.occurred_on > window.ends_on:
        return False
    if window.due_at is None:
        return True
    return _happened_by(entry) <= window.due_at


def is_entered_in_time(ruling: Ruling, entry: Entry) -> bool:
    lag = day_in_china(entry.recorded_at).toordinal() - entry.occurred_on.toordinal()
    return lag <= ruling.entry_deadline_days


def _happened_by(entry: Entry) -> datetime:
    """When it had happened for certain: its own time, or the end of the day or of the recording."""
    if entry.env.occurred_at is not None:
        return datetime.combine(entry.occurred_on, entry.env.occurred_at, CHINA)
    return min(end_of(entry.occurred_on), entry.recorded_at)


def candidates(
    ruling: Ruling, view: View, version: int, since: date, until: date
) -> Sequence[Entry]:
    found = of_rule(ruling, view)
    first, last = bisect_left(found.days, since), bisect_right(found.days, until)
    proofs = (entry for entry in found.proofs[first:last] if entry.version <= version)
    if not ruling.rule.performers:
        return list(proofs)
    return [entry for entry in proofs if _is_by_performer(ruling, entry, view, version)]


class OfRule(NamedTuple):
    """The records of a view that are a rule's proofs, in order of their days, and vain tries."""

    proofs: list[Entry]
    days: list[date]
    tries: list[Entry]


def of_rule(ruling: Ruling, view: View) -> OfRule:
    memo: dict[int, OfRule] = view.memo
    if (known := memo.get(id(ruling.rule))) is not None:
        return known
    rule, proofs, tries = ruling.rule, [], []
    for slug, entries in view.by_kind.items():
        if slug in rule.kinds:
            proofs += [
                e
                for e in entries
                if e.rec.reaches() and is_wanted(e.rec, rule.requires) and view.counts(e)
            ]
            tries += [e for e in entries if not e.rec.reaches()]
        elif entries[0].kind.declared.attempt_of in rule.kinds:
            tries += entries
    proofs.sort(key=lambda entry: (entry.env.occurred_on, entry.version))
    found = memo[id(rule)] = OfRule(proofs, [e.env.occurred_on for e in proofs], tries)
    return found


def _is_by_performer(ruling: Ruling, entry: Entry, view: View, version: int) -> bool:
    rule = ruling.rule
    author = entry.env.performed_by or entry.env.recorded_by
    if author.role in rule.performers:
        return True
    asked = (rule.role,) if ASSIGNED in rule.performers else ()
    roles = {role for role in (*asked, *rule.performers) if role not in (None, ASSIGNED)}
    return any(_is_in_role(author, str(role), entry, view, version) for role in roles)


def _is_in_role(author: Author, role: str, entry: Entry, view: View, version: int) -> bool:
    """Whether that person was answerable for the child in this role on that day."""
    worker = view.value(f"workers.{role}", entry.occurred_on, version)
    if worker is not None and worker["staff"] == author.staff:
        return True
    if role != "mentor":
        return False
    pairings = view.under("pairings", entry.occurred_on, version).values()
    return any(pairing.get("mentor") == author.staff for pairing in pairings)


def _first(found: Iterable[Entry], rule: Rule) -> tuple[Entry, ...]:
    """As many as are asked for."""
    return tuple(islice(_apart(found, rule.gap_days) if rule.gap_days else found, rule.least))


def _apart(entries: Iterable[Entry], gap: int) -> Iterable[Entry]:
    """Each at least so many days after the one before."""
    last: date | None = None
    for entry in entries:
        if last is None or (entry.occurred_on - last).days >= gap:
            last = entry.occurred_on
            yield entry
