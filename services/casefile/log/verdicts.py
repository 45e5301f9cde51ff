"""What became of each commit of a round, and what a doubt after a lost connection comes down to."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from services.casefile.domain.refusals import CasefileError
from services.casefile.log.commit import Answered, Appended, Commit
from services.casefile.log.errors import AlreadyAnswered, AlreadyReserved, VersionConflict
from services.casefile.log.overlaps import shared_place
from services.casefile.log.replies import Loss, Reply, answered_by, read_answered
from services.casefile.log.statements import ANSWERED, CLOCK, OWN_EVENT, probe_number
from services.casefile.log.wire import Submission, Wire

Outcome = Appended | CasefileError


class Verdicts:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def on(self, number: int, batch: Sequence[Submission], reply: Reply) -> Outcome:
        submission = batch[number]
        if appended := reply.appended.get(number):
            return appended
        loss = reply.losses.get(number)
        if loss is None:
            return self._appended_nothing(submission.commit)
        if submission.is_doubtful and (appended := self._stored_before(submission.commit)):
            return appended
        return self._refusal(submission.commit, loss)

    def on_one_behind(
        self, number: int, owner: int, batch: Sequence[Submission], reply: Reply
    ) -> Outcome | None:
        """A commit that was held back, if the one ahead of it decides it; else it goes next."""
        commit, ahead = batch[number].commit, batch[owner].commit
        if batch[number].sent:
            return None
        if probe_number(number) in reply.losses:
            return AlreadyAnswered(self._answered(commit))
        won = reply.appended.get(owner)
        if commit.claim and ahead.claim and commit.claim.key == ahead.claim.key:
            return AlreadyAnswered(answered_by(ahead, ahead.claim, won)) if won else None
        place = shared_place(commit, ahead)
        if place and (won or reply.losses.get(owner) == Loss("conflict", *place)):
            return VersionConflict(*place)
        return None

    def _refusal(self, commit: Commit, loss: Loss) -> CasefileError:
        if loss.verdict == "answered":
            return AlreadyAnswered(self._answered(commit))
        subject = cast(UUID, loss.subject)
        if loss.verdict == "reserved":
            return AlreadyReserved(loss.kind, subject)
        return VersionConflict(subject, loss.detail)

    def _answered(self, commit: Commit) -> Answered:
        assert commit.claim is not None
        return read_answered(self._wire.fetch(ANSWERED, [commit.claim.key]))

    def _appended_nothing(self, commit: Commit) -> Appended:
        if commit.claim:
            return Appended((), self._answered(commit).recorded_at)
        return Appended((), self._wire.fetch(CLOCK, [])[0][0])

    def _stored_before(self, commit: Commit) -> Appended | None:
        """Success if all that is stored under this commit's keys is byte for byte its own."""
        if commit.claim and not self._claim_is_ours(commit):
            return None
        if not commit.events:
            return self._appended_nothing(commit)
        rows = []
        for event in commit.events:
            found = self._wire.fetch(OWN_EVENT, [event.originator_id, event.originator_version])
            if not found or found[0][:2] != (event.topic, event.state):
                return None
            rows.append(found[0])
        return Appended(tuple(row[2] for row in rows), rows[-1][3])

    def _claim_is_ours(self, commit: Commit) -> bool:
        assert commit.claim is not None
        rows = self._wire.fetch(ANSWERED, [commit.claim.key])
        stored = read_answered(rows) if rows else None
        return stored is not None and (stored.fingerprint, stored.answer) == (
            commit.claim.fingerprint,
            commit.claim.answer,
        )
