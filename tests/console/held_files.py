"""Workshops that make some files only once somebody has seen how far they are."""

from threading import Event
from typing import Any

from services.casefile.console.made import Made
from services.casefile.console.waiting import Workshops
from services.casefile.console.workshop import Key, Make, Making, Workshop

HELD = "/reports/R7"
LOOKS = 2
LONG = 60.0


class SeenFirst(Workshop[Made]):
    """A held file is at 1 of 4 until its page has been looked at twice."""

    def __init__(self) -> None:
        super().__init__(patience=0.0)
        self._looks: dict[Key, int] = {}
        self._seen: dict[Key, Event] = {}

    def ask(self, key: Key, make: Make[Made]) -> Making[Made]:
        if not key.address.startswith(HELD):
            making = super().ask(key, make)
            making.wait()
            return making
        seen = self._seen.setdefault(key, Event())

        def held(making: Making[Made]) -> Made:
            making.read(1, 4)
            seen.wait()
            return make(making)

        return super().ask(key, held)

    def find(self, key: Key) -> Making[Made] | None:
        self._looks[key] = self._looks.get(key, 0) + 1
        if self._looks[key] == LOOKS + 1 and key in self._seen:
            self._seen[key].set()
        return super().find(key)


class Counting(Workshop[Any]):
    """Begins once somebody looks how far it is, and counts what is begun."""

    def __init__(self) -> None:
        super().__init__(patience=0.0)
        self.begun: list[str] = []
        self._seen: dict[Key, Event] = {}

    def ask(self, key: Key, make: Make[Any]) -> Making[Any]:
        seen = self._seen.setdefault(key, Event())

        def counted(making: Making[Any]) -> Any:
            seen.wait()
            self.begun.append(key.address)
            return make(making)

        return super().ask(key, counted)

    def find(self, key: Key) -> Making[Any] | None:
        if key in self._seen:
            self._seen[key].set()
        return super().find(key)


def held_files() -> Workshops:
    """Pages are waited for, however slow the machine is."""
    return Workshops(files=SeenFirst(), readings=Workshop(patience=LONG))
