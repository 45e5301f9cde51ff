"""One sweep: declares what has come due by a moment, each thing once, whoever else is sweeping."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from threading import Event
from typing import NamedTuple
from uuid import UUID

from services.casefile.application.declaring import declaration_commit
from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.refusals import CasefileError
from services.casefile.following.errors import TRANSIENT
from services.casefile.following.lease import session
from services.casefile.following.pages import Streams
from services.casefile.following.parking import reason_of
from services.casefile.log.commit import Appended, Commit
from services.casefile.log.errors import LogUnavailable, VersionConflict
from services.casefile.log.verdicts import Outcome
from services.casefile.sweeping.drafting import declarations, is_plain
from services.casefile.sweeping.judged import Judged, judged
from services.casefile.sweeping.office import Office, Report, in_silence
from services.casefile.sweeping.pending import Due, Link, due, how_many, in_chunks, short_of
from services.casefile.sweeping.quotas import QuotaSweep
from services.casefile.sweeping.swept import Swept

CHUNK = 1_000
NEVER = Event()
SETTINGS = {"jit": "off", "statement_timeout": "10min", "work_mem": "64MB"}


class Sweeper:
    """May run in several processes at once: the version of a stream lets only one of them win."""

    def __init__(self, office: Office, conninfo: str, *, chunk: int = CHUNK) -> None:
        self._office = office
        self._conninfo = conninfo
        self._chunk = chunk

    def sweep(self, now: datetime, report: Report = in_silence, stop: Event = NEVER) -> Swept:
        """Declare all that has come due by now. Killed, the next one does the rest."""
        with closing(session(self._conninfo, "casefile-sweep", SETTINGS)) as link:
            swept = _Sweep(self._office, link, now).run(self._chunk, report, stop)
            if swept.is_whole:
                swept.add(QuotaSweep(self._office, link).run(now, report, stop))
            return swept


class Handed(NamedTuple):
    """A chunk on its way into the log."""

    several: Sequence[Due]
    plain: Mapping[UUID, Commit]
    outcomes: Future[list[Outcome]]


class _Sweep:
    def __init__(self, office: Office, link: Link, now: datetime) -> None:
        self._office, self._link, self._now = office, link, now
        self._swept = Swept()

    def run(self, chunk: int, report: Report, stop: Event) -> Swept:
        total = how_many(self._link, self._now)
        short = short_of(self._link, day_in_china(self._now))
        if total:
            self._declare_due(chunk, total + len(short), report, stop)
        for start in range(0, len(short), chunk):
            if stop.is_set():
                self._swept.is_whole = False
                break
            self._judge(short[start : start + chunk])
            report(self._swept.subjects, total + len(short))
        return self._swept

    def _declare_due(self, chunk: int, total: int, report: Report, stop: Event) -> None:
        """While the log takes one chunk, the next one is made ready."""
        with closing(due(self._link, self._now)) as every, ThreadPoolExecutor(1) as hand:
            before: Handed | None = None
            for several in in_chunks(every, chunk):
                if stop.is_set():
                    self._swept.is_whole = False
                    break
                plain = {each.subject_id: self._commit(each) for each in several if is_plain(each)}
                if before is not None:
                    self._settle(before)
                    report(self._swept.subjects, total)
                outcomes = hand.submit(self._office.recorder.append_many, list(plain.values()))
                before = Handed(several, plain, outcomes)
            if before is not None:
                self._settle(before)
                report(self._swept.subjects, total)

    def _settle(self, handed: Handed) -> None:
        """What the log did not take, and what no row can say, is judged."""
        plain = handed.plain
        lost = self._sorted(plain, handed.outcomes.result())
        self._swept.conflicts += len(lost)
        self._swept.subjects += len(plain) - len(lost)
        others = (each.subject_id for each in handed.several if each.subject_id not in plain)
        self._judge([*others, *lost])

    def _commit(self, each: Due) -> Commit:
        version = each.rows[0].stream_version
        said = declarations(each, self._now)
        return declaration_commit(self._office.mapper, each.subject_id, version, said)

    def _judge(self, subject_ids: Sequence[UUID]) -> None:
        """What rows cannot say is judged from the streams as they are now."""
        if not subject_ids:
            return
        office, rulebook = self._office, self._office.rulebooks.current()
        streams = Streams(self._link, office.mapper, office.recorder.head()).of(subject_ids)
        found = {each.subject_id: each for each in judged(streams, rulebook, self._now)}
        commits = {}
        for each in found.values():
            if each.fault:
                self._fail(each.subject_id, each.fault)
            elif said := each.judgement.declarations:
                commits[each.subject_id] = declaration_commit(
                    office.mapper, each.subject_id, each.version, said
                )
        for lost in self._append(commits):
            self._declare(found[lost])
        self._swept.subjects += len(subject_ids)

    def _append(self, commits: Mapping[UUID, Commit]) -> list[UUID]:
        """Store them; returns those whose stream moved on meanwhile."""
        return self._sorted(commits, self._office.recorder.append_many(list(commits.values())))

    def _sorted(self, commits: Mapping[UUID, Commit], outcomes: Sequence[Outcome]) -> list[UUID]:
        """Count what was stored; returns those whose stream moved on meanwhile."""
        lost = []
        for (subject_id, commit), outcome in zip(commits.items(), outcomes, strict=True):
            if isinstance(outcome, Appended):
                self._count(commit)
            elif isinstance(outcome, VersionConflict):
                lost.append(subject_id)
            elif isinstance(outcome, LogUnavailable):
                raise outcome
            else:
                self._fail(subject_id, reason_of(outcome))
        return lost

    def _declare(self, one: Judged) -> None:
        """One by one, as a command that decides again until it gets its turn."""
        try:
            receipts = self._office.casefile.declare(one.subject_id, one.stream, self._now)
        except TRANSIENT:
            raise
        except CasefileError as error:
            self._fail(one.subject_id, reason_of(error))
            return
        self._swept.declared.update(each.kind for each in receipts if not each.is_replay)

    def _count(self, commit: Commit) -> None:
        kinds = (self._office.catalogue.topic(event.topic)[0] for event in commit.events)
        self._swept.declared.update(kind.slug for kind in kinds)

    def _fail(self, subject_id: UUID, reason: str) -> None:
        self._swept.failed[subject_id] = reason
