"""Writes a batch of commits in as few round trips as their overlaps allow; winners always win."""

from collections.abc import Sequence

from psycopg.rows import TupleRow

from services.casefile.log.commit import Commit
from services.casefile.log.errors import CommitRejected, LogUnavailable, VersionConflict
from services.casefile.log.overlaps import Round, plan, repeated_place
from services.casefile.log.replies import Reply, read_commits, read_events
from services.casefile.log.statements import (
    APPEND_COMMITS,
    APPEND_EVENT,
    APPEND_EVENTS,
    commit_columns,
    event_columns,
    event_scalars,
    is_bare,
)
from services.casefile.log.verdicts import Outcome, Verdicts
from services.casefile.log.wire import Submission, Wire

Batch = Sequence[Submission]
Outcomes = dict[int, Outcome]


class LogWriter:
    def __init__(self, wire: Wire) -> None:
        self._wire, self._verdicts = wire, Verdicts(wire)

    def write(self, batch: Batch) -> list[Outcome]:
        """One outcome per submission; never raises for what befalls only some of them."""
        outcomes: Outcomes = {}
        for number, each in enumerate(batch):
            if place := repeated_place(each.commit):
                outcomes[number] = VersionConflict(*place)
        try:
            while left := [number for number in range(len(batch)) if number not in outcomes]:
                self._round(batch, plan([each.commit for each in batch], left), outcomes)
        except LogUnavailable:
            outcomes.update((number, LogUnavailable()) for number in left)
        return [outcomes[number] for number in range(len(batch))]

    def _round(self, batch: Batch, planned: Round, outcomes: Outcomes) -> None:
        try:
            reply = self._store(batch, planned)
        except LogUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - told to the commit that caused it
            self._one_by_one(batch, planned, outcomes, error)
            return
        outcomes.update(reply.appended)
        for number in planned.ahead:
            outcomes[number] = self._verdicts.on(number, batch, reply)
        for number, owner in planned.behind.items():
            if outcome := self._verdicts.on_one_behind(number, owner, batch, reply):
                outcomes[number] = outcome

    def _one_by_one(
        self, batch: Batch, planned: Round, outcomes: Outcomes, error: Exception
    ) -> None:
        """A commit that the database cannot take must not drag the others down."""
        if len(planned.ahead) == 1 and not planned.behind:
            outcomes[planned.ahead[0]] = CommitRejected(error)
            return
        for number in planned.ahead:
            self._round(batch, Round([number]), outcomes)

    def _store(self, batch: Batch, planned: Round) -> Reply:
        sent = [batch[number] for number in planned.ahead]
        ahead = [(number, batch[number].commit) for number in planned.ahead]
        probes = [
            (number, batch[number].commit)
            for number in planned.behind
            if batch[number].commit.claim
        ]
        if not probes and all(is_bare(commit) for _, commit in ahead):
            return read_events(self._store_bare([commit for _, commit in ahead], sent), ahead)
        columns = commit_columns(ahead, probes)
        return read_commits(self._wire.fetch(APPEND_COMMITS, columns, sent), ahead)

    def _store_bare(self, commits: Sequence[Commit], sent: Batch) -> list[TupleRow]:
        if len(commits) == 1:
            return self._wire.fetch(APPEND_EVENT, event_scalars(commits[0].events[0]), sent)
        columns = event_columns([commit.events[0] for commit in commits])
        return self._wire.fetch(APPEND_EVENTS, columns, sent)
