"""What the clock works with; the composition hands it in."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from services.casefile.application.casefile import Casefile
from services.casefile.domain.catalogue import Catalogue
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.rulebooks.reading import Rulebooks
from services.casefile.rulebooks.time_check import TimeCheck

Report = Callable[[int, int], None]
"""Called with how many subjects are done, and of how many."""
Time = Callable[[datetime], datetime]
"""What time it is for us when the database says this moment: another one in a rehearsal."""


class Office(Protocol):
    """The parts a sweep is made with."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def recorder(self) -> CasefileRecorder: ...
    @property
    def mapper(self) -> CasefileMapper: ...
    @property
    def rulebooks(self) -> Rulebooks: ...
    @property
    def time_check(self) -> TimeCheck: ...
    @property
    def casefile(self) -> Casefile: ...


def in_silence(_done: int, _total: int) -> None:
    """Nobody is watching."""


def as_it_is(moment: datetime) -> datetime:
    return moment
