"""The one effect of messages: state, notices, jobs and the entries that they were received."""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.notifications.consuming.applying import KNOWN, RESHAPING, apply
from services.notifications.consuming.ports import Reactions
from services.notifications.messages import Incoming
from services.notifications.state import heads, notices
from services.notifications.state.connections import Connection
from services.notifications.state.notices import Called


class Effect:
    """Carries messages out. What was recorded before `notify_after` tells nobody."""

    def __init__(
        self, reactions: Reactions, notify_after: datetime, now: Callable[[], datetime]
    ) -> None:
        self._reactions = reactions
        self._notify_after = notify_after
        self._now = now
        self._known = KNOWN | reactions.types | reactions.listeners.keys()

    def knows(self, message: Incoming) -> bool:
        return message.type in self._known

    def tells(self, message: Incoming) -> bool:
        return message.type in self._reactions.types

    def reshapes(self, message: Incoming) -> bool:
        """It changes who is told of what comes after it."""
        return message.type in RESHAPING

    def of(self, connection: Connection, messages: Sequence[Incoming]) -> int:
        """Give the messages their effect together; says how many notices are new.

        Of each stream one of them changes something at most, and those that change who is told
        come before those that tell: so the state after all of them is the one each has to see.
        """
        new = heads.receive(connection, [(m, self._outcome(m)) for m in messages])
        heads.move(connection, {m.stream_id: m.version for m in messages})
        apply(connection, messages)
        heard = [m for m in messages if m.id in new and self._outcome(m) == "applied"]
        for message in heard:
            if listener := self._reactions.listeners.get(message.type):
                listener(connection, message)
        return self._told(connection, [m for m in heard if self.tells(m)])

    def _outcome(self, message: Incoming) -> str:
        if not self.knows(message):
            return "ignored"
        return "applied" if message.time >= self._notify_after else "silent"

    def _told(self, connection: Connection, messages: Sequence[Incoming]) -> int:
        if not messages:
            return 0
        called = self._reactions.react(connection, messages, self._now())
        pairs = zip(messages, called, strict=True)
        written = notices.write_all(connection, [Called(m.id, intents) for m, intents in pairs])
        if written:
            self._reactions.queue(connection, written)
        return len(written)
