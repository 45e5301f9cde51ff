"""The ladder with the directory behind it: what consuming asks of every message that may concern people."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from services.notifications.directory.snapshots import snapshot
from services.notifications.messages import Incoming
from services.notifications.policy.intent import Intent
from services.notifications.policy.ladder import Ladder
from services.notifications.policy.reacting import REACTIONS, react
from services.notifications.policy.safety import SAFETY_TYPES
from services.notifications.state.connections import Connection

log = structlog.get_logger("notifications.ladder")
TYPES = frozenset({*REACTIONS, *SAFETY_TYPES})
MOST_GAPS = 1000


class Reacting:
    """Whom to tell what because of a message, with the state as it is after the message."""

    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder
        self._roles = ladder.roles
        self._warned: set[tuple[str, str | None]] = set()

    def __call__(
        self, connection: Connection, message: Incoming, now: datetime
    ) -> Sequence[Intent]:
        data = message.data
        owed_by = {data["role"]} if data.get("role") else set()
        known = snapshot(
            connection,
            message.case_id,
            now,
            unit=data.get("unit"),
            staff=data.get("accountable"),
            roles={*self._roles, *owed_by},
        )
        intents = react(message, known, self._ladder, now)
        for intent in intents:
            if intent.kind == "unheard":
                self._warn(intent.facts["rung"], data.get("unit"), message)
        return intents

    def _warn(self, step: str, unit: str | None, message: Incoming) -> None:
        """Of a child's safety every time; of work once for a step and a unit, or it is all one reads."""
        gap = (step, unit)
        if message.type not in SAFETY_TYPES and gap in self._warned:
            return
        if len(self._warned) < MOST_GAPS:
            self._warned.add(gap)
        log.warning("nobody_to_tell", step=step, unit=unit, stream_id=str(message.stream_id))
