"""A workshop that makes some files only once somebody has seen how far they are."""

from collections.abc import Callable
from threading import Event

from services.casefile.console.made import Made
from services.casefile.console.workshop import Key, Making, Workshop

HELD = "/reports/R7"
LOOKS = 2


class SeenFirst(Workshop):
    """A held file is at 1 of 4 until its page has been looked at twice."""

    def __init__(self) -> None:
        super().__init__(patience=0.0)
        self._looks: dict[Key, int] = {}
        self._seen: dict[Key, Event] = {}

    def ask(self, key: Key, make: Callable[[Making], Made]) -> Making:
        if not key.address.startswith(HELD):
            making = super().ask(key, make)
            making.wait()
            return making
        seen = self._seen.setdefault(key, Event())

        def held(making: Making) -> Made:
            making.read(1, 4)
            seen.wait()
            return make(making)

        return super().ask(key, held)

    def find(self, key: Key) -> Making | None:
        self._looks[key] = self._looks.get(key, 0) + 1
        if self._looks[key] == LOOKS + 1 and key in self._seen:
            self._seen[key].set()
        return super().find(key)
