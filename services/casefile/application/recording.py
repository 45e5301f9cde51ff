"""Recording what happened: one record of any kind, on one child's stream."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.application.clock import Clock, day_in_china
from services.casefile.application.decision import Decide, Decision, Step
from services.casefile.application.sealing_keys import SealingKeys
from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submitted
from services.casefile.domain.admission import admit
from services.casefile.domain.entry import Entry
from services.casefile.domain.refusals import CaseNotFound, RecordIdTaken
from services.casefile.domain.situation import Situation
from services.casefile.domain.wording import odd_wording

COMPARED = ("occurred_on", "occurred_at")


class Judge:
    """Asks the rules whether a submitted record may join a stream."""

    def __init__(self, keys: SealingKeys, clock: Clock, entry_deadline_days: int) -> None:
        self._keys = keys
        self._clock = clock
        self._deadline = entry_deadline_days

    def decide_record(self, case_id: UUID, submitted: Submitted) -> Decide:
        def decide(loaded: Mapping[UUID, Stream]) -> Decision:
            stream = loaded[case_id]
            must_exist(stream, submitted)
            if (known := stream.records.get(submitted.env.record_id)) is not None:
                return Decision(repeated=self.same(stream, known, submitted))
            self.admit(stream, submitted)
            return Decision(steps=(step(case_id, submitted),), warnings=odd_wording(submitted.rec))

        return decide

    def admit(self, stream: Stream, submitted: Submitted) -> None:
        situation = Situation(
            today=day_in_china(self._clock()),
            env=submitted.env,
            facts=stream.facts,
            records=stream.records,
            born_on=self._keys.born_on(stream),
            entry_deadline_days=self._deadline,
        )
        admit(submitted.kind, submitted.rec, situation)

    def same(self, stream: Stream, known: Entry, submitted: Submitted) -> Entry:
        """The record on file, if it says the same; the id is taken otherwise."""
        original = known.amended.original if known.amended else known
        disclosure = self._keys.disclosure(stream)
        shown, mine = disclosure.entry(original), disclosure.record(submitted.rec)
        same_day = all(getattr(original.env, f) == getattr(submitted.env, f) for f in COMPARED)
        if original.kind is not submitted.kind or not same_day or plain(shown) != plain(mine):
            raise RecordIdTaken
        return known


def plain(data: Any) -> Any:
    """Data without its empty parts and with simple values, so that two of them compare."""
    if isinstance(data, dict):
        return {k: plain(v) for k, v in data.items() if v not in (None, [], {}, ())}
    return [plain(v) for v in data] if isinstance(data, list) else msgspec.to_builtins(data)


def must_exist(stream: Stream, submitted: Submitted) -> None:
    if submitted.kind.stream == "case" and "status" not in stream.facts:
        raise CaseNotFound


def step(stream_id: UUID, submitted: Submitted) -> Step:
    return Step(stream_id, submitted.kind, submitted.env, submitted.rec)
