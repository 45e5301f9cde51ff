"""The standing proof: judges every file anew and compares with what the log says was declared."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime

import msgspec

from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.following.lease import session
from services.casefile.following.pages import next_streams
from services.casefile.sweeping.founding import Offence, offences
from services.casefile.sweeping.judged import Judged, judged
from services.casefile.sweeping.office import Office, Report, Time, as_it_is, in_silence
from services.casefile.sweeping.pending import Link
from services.casefile.sweeping.quotas_proof import KIND, Proved, prove_quotas

FIRST = 20
EVENTS = 10_000
SETTINGS = {"jit": "off"}


class Proof(msgspec.Struct):
    """What was compared, up to which position and which closed day, and what was found.

    `outcomes` counts the obligations that were past their close, `declared` the records that say
    so; `breaches` counts all offences, and the first of them are named.
    """

    position: int
    closed_until: date | None
    subjects: int = 0
    outcomes: Counter[str] = msgspec.field(default_factory=Counter)
    declared: Counter[str] = msgspec.field(default_factory=Counter)
    breaches: Counter[str] = msgspec.field(default_factory=Counter)
    first: list[Offence] = msgspec.field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.breaches

    def take(self, each: Judged, rulebook: Rulebook, now: datetime, cut: datetime) -> None:
        self.subjects += 1
        closed = (o for o in each.judgement.obligations if o.window.closes_at <= cut)
        self.outcomes.update(obligation.outcome for obligation in closed)
        self.declared.update(entry.kind.slug for entry in each.declared)
        for offence in offences(each, rulebook, now, cut):
            self._name(offence)

    def take_quota(self, proved: Proved) -> None:
        if proved.quota is not None:
            self.outcomes[proved.quota.outcome] += 1
            self.declared.update([KIND] if proved.quota.missed else ())
        if proved.offence is not None:
            self._name(proved.offence)

    def _name(self, offence: Offence) -> None:
        self.breaches[offence.breach] += 1
        if len(self.first) < FIRST:
            self.first.append(offence)


def prove(
    office: Office, conninfo: str, *, time: Time = as_it_is, report: Report = in_silence
) -> Proof:
    """Whether the log says of each obligation what came of it: once, and nothing else.

    What came due after the last closed day is still being declared, so it is not asked for.
    """
    position, moment = office.recorder.watermark()
    rulebook, now = office.rulebooks.at(position), time(moment)
    proof = Proof(position, rulebook.closed_until)
    cut = now if proof.closed_until is None else min(now, end_of(proof.closed_until))
    with closing(session(conninfo, "casefile-prove", SETTINGS)) as link:
        for each in every(office, link, position, rulebook, now):
            proof.take(each, rulebook, now, cut)
            report(proof.subjects, 0)
        for proved in prove_quotas(office, link, position, rulebook, cut):
            proof.take_quota(proved)
    return proof


def every(
    office: Office, link: Link, position: int, rulebook: Rulebook, now: datetime
) -> Iterator[Judged]:
    """All subjects, some streams at a time, so that memory stays flat."""
    after = None
    while streams := next_streams(link, office.mapper, after, position, EVENTS):
        after = streams[-1].id
        yield from judged(streams, rulebook, now)
