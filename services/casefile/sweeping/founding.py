"""Compares one file with its judgement: what is absent, said twice, undecided or unfounded."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.obligation import OfObligation
from services.casefile.domain.record import Record
from services.casefile.sweeping.judged import Judged

Breach = Literal["absent", "twice", "undecided", "unfounded", "unreadable"]
NOBODY, NO_WINDOW = UUID(int=0), "none"


class Offence(msgspec.Struct, frozen=True):
    """Where the log does not say what it has to."""

    breach: Breach
    subject_id: UUID
    kind: str = ""
    policy: str = ""
    rule: str = ""
    window: str = ""
    reason: str = ""


def offences(each: Judged, rulebook: Rulebook, now: datetime, cut: datetime) -> Iterator[Offence]:
    """`cut`: what came due later may still be on its way into the log."""
    if each.fault:
        yield Offence("unreadable", each.subject_id, reason=each.fault)
        return
    absent = [about("absent", each, d.record) for d in each.judgement.declarations if d.at < cut]
    yield from absent
    yield from undecided(each, {offence.window for offence in absent}, cut)
    times = Counter(entry.record_id for entry in each.declared)
    yield from (about("twice", each, e.rec) for e in each.declared if times[e.record_id] > 1)
    yield from (about("unfounded", each, e.rec) for e in unfounded(each, rulebook, now))


def undecided(each: Judged, absent: Collection[str], cut: datetime) -> Iterator[Offence]:
    """Open obligations past their close, beyond those whose declaration is known to be absent."""
    for obligation in each.judgement.obligations:
        window = obligation.window
        if obligation.outcome == "open" and window.closes_at < cut and window.key not in absent:
            named = (obligation.policy, obligation.rule, window.key)
            yield Offence("undecided", each.subject_id, "", *named)


def unfounded(each: Judged, rulebook: Rulebook, now: datetime) -> Iterator[Entry]:
    """Declarations on file that would not be made again, or would say something else."""
    if not each.declared:
        return
    anew = made(each, [unsaid(entry) for entry in each.entries], rulebook, now)
    for entry in each.declared:
        if anew.get(entry.record_id) == entry.rec:
            continue
        # What came later may have changed the rest of the file: so on what was known before it.
        before = [e for e in each.entries if e.version < entry.version]
        then = made(each, before, rulebook, end_of(entry.occurred_on))
        if then.get(entry.record_id) != entry.rec:
            yield entry


def made(
    each: Judged, entries: Sequence[Entry], rulebook: Rulebook, now: datetime
) -> dict[UUID, Record]:
    judgement = judge(Subject(each.subject_id, each.stream, entries), rulebook, now)
    return {said.record_id: said.record for said in judgement.declarations}


def unsaid(entry: Entry) -> Entry:
    """A declaration as if it had been about nothing; any other entry as it is."""
    if not isinstance(entry.rec, OfObligation):
        return entry
    env = msgspec.structs.replace(entry.env, record_id=NOBODY)
    rec = msgspec.structs.replace(entry.rec, window=NO_WINDOW)
    return msgspec.structs.replace(entry, env=env, rec=rec)


def about(breach: Breach, each: Judged, record: Record) -> Offence:
    assert isinstance(record, OfObligation)
    kind = catalogue().of(type(record)).slug
    return Offence(breach, each.subject_id, kind, record.policy, record.rule, record.window)
