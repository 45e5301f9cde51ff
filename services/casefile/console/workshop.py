"""Makes files while a person looks on: each once, in a thread, with how far it has come.

A file is known by who asked and by its address, so that asking again joins the one that is being
made, and asking after a restart makes it anew. What nobody looks at any more is not made to its end.
"""

from collections.abc import Callable
from threading import BoundedSemaphore, Event, Lock, Thread, Timer
from time import monotonic
from typing import Literal, NamedTuple

import structlog

from services.casefile.api.faults import fault
from services.casefile.api.refusals import Broken
from services.casefile.console.made import Made
from services.casefile.domain.refusals import CasefileError, Refused

AT_ONCE = 2
MOST_EACH = 3
PATIENCE = 1.5
UNWATCHED = 60.0
KEPT = 600.0

log = structlog.get_logger()
Step = Literal["waiting", "reading", "writing"]


class TooManyFiles(Refused):
    """As many files as one person may have made at once are being made for you."""

    remedy = "Wait until one of them is ready, then ask again."


class NobodyWaits(CasefileError):
    """The page that waited for this file was closed."""

    remedy = "Ask for the file again."


class Key(NamedTuple):
    """Whose file it is, in which language, and its address."""

    staff: str
    role: str
    locale: str
    address: str


class Stage(NamedTuple):
    """How far it has come: files read of so many, then rows written."""

    step: Step
    done: int = 0
    total: int | None = None


class Making:
    """One file that is being made, or is ready, or could not be made."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.stage = Stage("waiting")
        self.made: Made | None = None
        self.error: CasefileError | None = None
        self._clock = clock
        self._looked = clock()
        self._ended = Event()

    def look(self) -> None:
        self._looked = self._clock()

    def read(self, done: int, total: int) -> None:
        self._move(Stage("reading", done, total))

    def wrote(self, rows: int) -> None:
        self._move(Stage("writing", rows))

    def wait(self, seconds: float | None = None) -> bool:
        return self._ended.wait(seconds)

    @property
    def is_over(self) -> bool:
        return self._ended.is_set()

    def run(self, make: Callable[["Making"], Made]) -> None:
        try:
            self._move(Stage("reading"))
            self.made = make(self)
        except CasefileError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001
            log.error("file_not_made", **fault(error))  # noqa: TRY400
            self.error = Broken()
        finally:
            self._ended.set()

    def _move(self, stage: Stage) -> None:
        if self._clock() - self._looked > UNWATCHED:
            raise NobodyWaits
        self.stage = stage


class Workshop:
    """The files of one process. `patience`: how long a caller waits before it is shown how far it is."""

    def __init__(self, patience: float = PATIENCE, clock: Callable[[], float] = monotonic) -> None:
        self.patience = patience
        self._clock = clock
        self._places = BoundedSemaphore(AT_ONCE)
        self._lock = Lock()
        self._makings: dict[Key, Making] = {}

    def ask(self, key: Key, make: Callable[[Making], Made]) -> Making:
        """The file that is being made already, or a new one. One that failed is made again."""
        with self._lock:
            making = self._makings.get(key)
            if making is None or making.error is not None:
                self._must_have_room(key)
                making = self._makings[key] = Making(self._clock)
                Thread(target=self._run, args=(key, making, make), daemon=True).start()
        making.look()
        return making

    def find(self, key: Key) -> Making | None:
        with self._lock:
            making = self._makings.get(key)
        if making is not None:
            making.look()
        return making

    def _must_have_room(self, key: Key) -> None:
        theirs = [m for k, m in self._makings.items() if k.staff == key.staff and not m.is_over]
        if len(theirs) >= MOST_EACH:
            raise TooManyFiles(most=MOST_EACH)

    def _run(self, key: Key, making: Making, make: Callable[[Making], Made]) -> None:
        with self._places:
            making.run(make)
        timer = Timer(KEPT, self._forget, (key, making))
        timer.daemon = True
        timer.start()

    def _forget(self, key: Key, making: Making) -> None:
        with self._lock:
            if self._makings.get(key) is making:
                del self._makings[key]
