"""The ladder with the directory behind it: what consuming asks of every message that may concern people."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from services.notifications.directory.snapshots import Asked, snapshots
from services.notifications.messages import Incoming
from services.notifications.policy.counting import count_heard
from services.notifications.policy.findings import FINDING_TYPES, case_of
from services.notifications.policy.intent import Intent
from services.notifications.policy.ladder import Ladder
from services.notifications.policy.reacting import REACTIONS, react
from services.notifications.policy.safety import SAFETY_TYPES
from services.notifications.policy.snapshot import Snapshot
from services.notifications.state.connections import Connection

log = structlog.get_logger("notifications.ladder")
TYPES = frozenset({*REACTIONS, *SAFETY_TYPES, *FINDING_TYPES})
MOST_GAPS = 1000


class Reacting:
    """Whom to tell what because of a message, with the state as it is after the message."""

    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder
        self._roles = ladder.roles
        self._warned: set[tuple[str, str | None]] = set()

    def __call__(
        self, connection: Connection, messages: Sequence[Incoming], now: datetime
    ) -> list[Sequence[Intent]]:
        owed_by = {str(m.data["role"]) for m in messages if m.data.get("role")}
        asked = [
            Asked(
                case_of(m),
                unit=m.data.get("unit"),
                staff=m.data.get("accountable") or m.data.get("worker"),
            )
            for m in messages
        ]
        known = snapshots(connection, asked, now, self._roles | owed_by)
        return [
            self._one(message, snapshot, now)
            for message, snapshot in zip(messages, known, strict=True)
        ]

    def _one(self, message: Incoming, known: Snapshot, now: datetime) -> Sequence[Intent]:
        intents = react(message, known, self._ladder, now)
        count_heard(known.heard_now, intents)
        for intent in intents:
            if intent.kind == "unheard":
                self._warn(intent.facts["rung"], message.data.get("unit"), message)
        return intents

    def _warn(self, step: str, unit: str | None, message: Incoming) -> None:
        """Of a child's safety every time; of work once for a step and a unit, or it is all one reads."""
        gap = (step, unit)
        if message.type not in SAFETY_TYPES and gap in self._warned:
            return
        if len(self._warned) < MOST_GAPS:
            self._warned.add(gap)
        log.warning("nobody_to_tell", step=step, unit=unit, stream_id=str(message.stream_id))
