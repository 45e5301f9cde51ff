"""The one way into the log: load the streams, decide, seal, append; decide again on a conflict."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.application.context import Context
from services.casefile.application.decision import (
    Decide,
    Decision,
    KeyReused,
    Receipt,
    TooManyConflicts,
    VersionMoved,
)
from services.casefile.application.receipts import (
    answer_of,
    encoded,
    receipt,
    receipt_of,
    replayed,
)
from services.casefile.application.sealing_keys import SealingKeys
from services.casefile.application.stream import Stream
from services.casefile.application.streams import Streams
from services.casefile.domain.refusals import Absent, Invalid, Refused
from services.casefile.log.commit import Answered, Appended, Claim, Commit
from services.casefile.log.errors import AlreadyAnswered, AlreadyReserved, VersionConflict
from services.casefile.log.mapper import CasefileMapper, Draft
from services.casefile.log.recorder import CasefileRecorder

ATTEMPTS = 10
Loaded = Mapping[UUID, Stream]


class Prepared(msgspec.Struct, frozen=True):
    """A command ready to be stored: its drafts, and those among them that were asked for."""

    loaded: Loaded
    commit: Commit
    drafts: list[Draft]
    asked: list[int]
    warnings: tuple[str, ...]


class Turns:
    """Lets those of this process who lost on a stream go one after the other."""

    def __init__(self) -> None:
        self._locks = [Lock() for _ in range(257)]

    def of(self, stream_id: UUID) -> Lock:
        return self._locks[stream_id.int % len(self._locks)]


class Writer:
    """Carries a decision into the log exactly once."""

    def __init__(
        self,
        recorder: CasefileRecorder,
        mapper: CasefileMapper,
        streams: Streams,
        keys: SealingKeys,
    ) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self._streams = streams
        self._keys = keys
        self._turns = Turns()

    def write(self, stream_ids: Sequence[UUID], decide: Decide, context: Context) -> Receipt:
        """Store what `decide` makes of these streams. A repeated command gets its first answer."""
        receipts = self._tried(stream_ids, self._streams.remembered, decide, context)
        return (receipts or self.write_all(stream_ids, decide, context))[0]

    def write_all(
        self, stream_ids: Sequence[UUID], decide: Decide, context: Context
    ) -> list[Receipt]:
        """The same on what the log says now: a receipt for every step, of which there may be none."""
        with self._turns.of(stream_ids[0]):
            for attempt in range(ATTEMPTS):
                pause_before(attempt)
                receipts = self._tried(stream_ids, self._streams.fresh, decide, context)
                if receipts is not None:
                    return receipts
        raise TooManyConflicts

    def _tried(
        self,
        stream_ids: Sequence[UUID],
        load: Callable[[UUID], Stream],
        decide: Decide,
        context: Context,
    ) -> list[Receipt] | None:
        """The receipts, or None when it has to be decided again on what the log says now."""
        loaded = {stream_id: load(stream_id) for stream_id in stream_ids}
        try:
            return self._store(loaded, decide, context)
        except (VersionConflict, AlreadyReserved):
            return None
        except AlreadyAnswered as error:
            return [replay(error.answered, context)]
        except (Refused, Invalid, Absent, VersionMoved):
            if (answered := self._answered(context)) is not None:
                return [replay(answered, context)]
            if all(stream.is_fresh for stream in loaded.values()):
                raise
            return None

    def _store(self, loaded: Loaded, decide: Decide, context: Context) -> list[Receipt]:
        as_expected(loaded, context)
        decision = decide(loaded)
        if decision.repeated is not None:
            return [receipt_of(decision.repeated)]
        if not decision.steps:
            return []
        prepared = self.prepare(loaded, decision, context)
        return self.finish(prepared, self._recorder.append(prepared.commit))

    def prepare(self, loaded: Loaded, decision: Decision, context: Context) -> Prepared:
        """Number and seal the steps; a claim keeps the answer to the first of them."""
        drafts = self._drafts(loaded, decision)
        own = {id(step.rec) for step in decision.steps}
        asked = [place for place, draft in enumerate(drafts) if id(draft.rec) in own]
        events = tuple(self._mapper.to_stored_event(d) for d in drafts)
        claim = None
        if context.claim_key is not None:
            answer = encoded(answer_of(drafts[asked[0]], decision.warnings))
            claim = Claim(context.claim_key, context.fingerprint, answer)
        commit = Commit(events, claim, decision.reserve, decision.release)
        return Prepared(loaded, commit, drafts, asked, decision.warnings)

    def finish(self, prepared: Prepared, appended: Appended) -> list[Receipt]:
        """Remember the streams as they are now, and give a receipt for every step."""
        self._remember(prepared, appended)
        return [
            receipt(
                answer_of(prepared.drafts[place], prepared.warnings),
                appended.positions[place],
                appended.positions[-1],
                appended.recorded_at,
            )
            for place in prepared.asked
        ]

    def _drafts(self, loaded: Loaded, decision: Decision) -> list[Draft]:
        drafts: list[Draft] = []
        for stream_id in dict.fromkeys(s.stream_id for s in decision.steps):
            steps = [s for s in decision.steps if s.stream_id == stream_id]
            drafts += self._keys.drafts(loaded[stream_id], steps)
        return drafts

    def _remember(self, prepared: Prepared, appended: Appended) -> None:
        new: dict[Any, list[tuple[int, str, bytes, int]]] = {}
        for event, position in zip(prepared.commit.events, appended.positions, strict=True):
            row = (event.originator_version, event.topic, event.state, position)
            new.setdefault(event.originator_id, []).append(row)
        for stream_id, rows in new.items():
            entries = [self._mapper.entry(stream_id, *row, appended.recorded_at) for row in rows]
            self._streams.remember(prepared.loaded[stream_id].appended(entries))

    def _answered(self, context: Context) -> Answered | None:
        if context.claim_key is None:
            return None
        return self._recorder.answered(context.claim_key)


def as_expected(loaded: Loaded, context: Context) -> None:
    """Refuse when the first stream is not at the version the caller saw."""
    if context.expected is None:
        return
    stream = next(iter(loaded.values()))
    if stream.version != context.expected:
        raise VersionMoved(stream, context.expected)


def replay(answered: Answered, context: Context) -> Receipt:
    if answered.fingerprint != context.fingerprint:
        raise KeyReused
    return replayed(answered)


def pause_before(attempt: int) -> None:
    if attempt > 1:
        time.sleep(random.uniform(0, 0.001 * 2**attempt))  # noqa: S311
