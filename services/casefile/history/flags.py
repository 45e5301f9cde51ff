"""One flag with all that was said: the question, the answers, the decision; from its own stream."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.flag import (
    FlagDecided,
    FlagExplained,
    FlagRaised,
    FlagState,
    state_of,
)
from services.casefile.domain.refusals import Absent
from services.casefile.domain.stream_ids import staff_stream
from services.casefile.history.history import History
from services.casefile.history.rows import row


class FlagNotFound(Absent):
    """There is no such flag about this member of staff."""

    remedy = "List the flags with GET /v1/flags."


class FlagHistory:
    """Reads the stream of a member of staff whenever somebody asks."""

    def __init__(self, history: History) -> None:
        self._history = history

    def of(self, staff: str, flag: UUID) -> dict[str, Any]:
        stream = staff_stream(staff)
        entries = self._history.entries(stream)
        disclosure = self._history.disclosure(stream, entries)
        current = [e for e in effective(entries) if not e.is_annulled]
        raised = next((e for e in current if e.record_id == flag), None)
        if raised is None or not isinstance(raised.rec, FlagRaised):
            raise FlagNotFound
        answers = [e for e in current if isinstance(e.rec, FlagExplained) and e.rec.flag == flag]
        decision = next(
            (e for e in current if isinstance(e.rec, FlagDecided) and e.rec.flag == flag), None
        )
        return {
            "staff": staff,
            "flag": flag,
            "state": state(answers, decision),
            "raised": row(raised, disclosure),
            "explanations": [row(answer, disclosure) for answer in answers],
            "decision": None if decision is None else row(decision, disclosure),
        }


def state(answers: Sequence[Entry], decision: Entry | None) -> FlagState:
    outcome = None
    if decision is not None:
        assert isinstance(decision.rec, FlagDecided)
        outcome = decision.rec.outcome
    return state_of(is_answered=bool(answers), outcome=outcome)
