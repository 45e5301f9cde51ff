"""The one effect of a message: state, notices, jobs and the entry that it was received."""

from collections.abc import Callable
from datetime import datetime

from services.notifications.consuming.applying import CHANGES, apply
from services.notifications.consuming.ports import Reactions
from services.notifications.messages import Incoming
from services.notifications.state import heads, notices
from services.notifications.state.connections import Connection


class Effect:
    """Carries messages out. What was recorded before `notify_after` tells nobody."""

    def __init__(
        self, reactions: Reactions, notify_after: datetime, now: Callable[[], datetime]
    ) -> None:
        self._reactions = reactions
        self._notify_after = notify_after
        self._now = now
        self._known = CHANGES.keys() | reactions.types | reactions.listeners.keys()

    def knows(self, message: Incoming) -> bool:
        return message.type in self._known

    def of(self, connection: Connection, message: Incoming) -> int:
        """Give the message its effect; says how many notices are new."""
        outcome = self._outcome(message)
        is_new = heads.receive(connection, message, outcome)
        heads.move(connection, message.stream_id, message.version)
        apply(connection, message)
        return self._told(connection, message) if is_new and outcome == "applied" else 0

    def _outcome(self, message: Incoming) -> str:
        if not self.knows(message):
            return "ignored"
        return "applied" if message.time >= self._notify_after else "silent"

    def _told(self, connection: Connection, message: Incoming) -> int:
        if listener := self._reactions.listeners.get(message.type):
            listener(connection, message)
        if message.type not in self._reactions.types:
            return 0
        intents = self._reactions.react(connection, message, self._now())
        written = notices.write(connection, intents, message.id)
        if written:
            self._reactions.queue(connection, written)
        return len(written)
