"""Which messages can have their effect together, with the same outcome as one after the other."""

from uuid import UUID

from services.notifications.consuming.effect import Effect
from services.notifications.messages import Incoming


class Run:
    """Messages in the order they came.

    Of one stream only the last may be of a type we know, and nothing that changes who is told
    comes after something that tells.
    """

    def __init__(self, effect: Effect) -> None:
        self._effect = effect
        self.messages: list[Incoming] = []
        self._known: set[UUID] = set()
        self._tells = False
        self.versions: dict[UUID, int] = {}

    def may_join(self, message: Incoming) -> bool:
        if not self._effect.knows(message):
            return True
        if message.stream_id in self._known:
            return False
        return not (self._tells and self._effect.reshapes(message))

    def add(self, message: Incoming) -> None:
        self.messages.append(message)
        self.versions[message.stream_id] = message.version
        if self._effect.knows(message):
            self._known.add(message.stream_id)
            self._tells = self._tells or self._effect.tells(message)
