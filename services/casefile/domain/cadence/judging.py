"""Judges every window of a subject: what came of it, and what the log has yet to say."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.obligation import Judgement
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.entry import Entry


class Subject(NamedTuple):
    """A child's case or a unit, with its whole stream as it was recorded."""

    id: UUID
    stream: Literal["case", "unit"]
    entries: Sequence[Entry]


def judge(
    subject: Subject, rulebook: Rulebook, now: datetime, horizon: date | None = None
) -> Judgement:
    """All windows that begin by the horizon (today unless given), and the declarations due now."""
    raise NotImplementedError
