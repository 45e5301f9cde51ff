"""Where a person is sent while something takes long: to the page that shows how far it is."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from services.casefile.console.made import Made
from services.casefile.console.page import Redirect
from services.casefile.console.visit import Visit, addressed
from services.casefile.console.workshop import Key, Make, Making, Workshop

PATH, OF = "/making", "of"
TURN = 0.2
T = TypeVar("T")


@dataclass(frozen=True)
class Workshops:
    """Files wait for what is read for them, so each has places of its own."""

    files: Workshop[Made] = field(default_factory=Workshop)
    readings: Workshop[Any] = field(default_factory=Workshop)

    def find(self, key: Key) -> Making[Any] | None:
        return self.files.find(key) or self.readings.find(key)


def key(visit: Visit, address: str) -> Key:
    actor = visit.actor
    return Key(actor.author.staff, actor.role, visit.exchange.locale, address)


def making_page(address: str) -> str:
    return addressed(PATH, [(OF, address)])


def read_once(visit: Visit, address: str, make: Make[T]) -> T | Redirect:
    """What is read for a page, or where to look on until it is there.

    A file that is being made for somebody follows it; a program waits, and keeps nothing.
    """
    workshop, mine = visit.desk.workshops.readings, key(visit, address)
    known = workshop.find(mine)
    if known is None and not visit.is_watched:
        return make(Making(lambda: 0.0))
    making = workshop.ask(mine, make) if known is None or known.error else known
    if not visit.is_watched:
        making.wait()
    elif visit.format is not None:
        follow(making, visit)
    elif not making.wait(workshop.patience):
        return Redirect(making_page(address))
    made: T = making.made
    return made


def follow(making: Making[Any], visit: Visit) -> None:
    """Says of a file what is said of its reading, and looks on for whoever looks at the file."""
    while not making.wait(TURN):
        making.look()
        _, done, total = making.stage
        if total:
            visit.progress(done, total)
