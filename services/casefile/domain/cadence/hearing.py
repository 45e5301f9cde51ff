"""What all windows of a subject are judged with, and what has been declared of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.casefile.domain.cadence.known import Known
from services.casefile.domain.cadence.standing import Standings
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.obligation import (
    DutyMissed,
    ObligationEscalated,
    ObligationMissed,
    ObligationOverdue,
    OfObligation,
)
from services.casefile.domain.record import Record

MISSED, OVERDUE, ESCALATED = "missed", "overdue", "escalated"
WHAT: dict[type[Record], str] = {
    ObligationMissed: MISSED,
    DutyMissed: MISSED,
    ObligationOverdue: OVERDUE,
    ObligationEscalated: ESCALATED,
}


class Hearing:
    """What all windows of a subject are judged with."""

    def __init__(
        self,
        subject: UUID,
        stream: Literal["case", "unit"],
        known: Known,
        standings: Standings,
        now: datetime,
    ) -> None:
        self.subject = subject
        self.is_unit = stream == "unit"
        self.known = known
        self.standings = standings
        self.now = now
        self.on_file = dict(declarations_in(known.entries))


def declarations_in(entries: Sequence[Entry]) -> Iterator[tuple[tuple[object, ...], Entry]]:
    """What has been declared, by what it says of which window."""
    for entry in entries:
        what = WHAT.get(entry.kind.type)
        if what is not None:
            said = entry.rec
            assert isinstance(said, OfObligation)
            yield (what, said.policy, said.policy_version, said.rule, said.window), entry
