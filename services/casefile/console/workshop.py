"""Does what takes long while a person looks on: each thing once, in a thread, with how far it has come.

A thing is known by who asked and by its address, so that asking again joins what is being made, and
asking after a restart makes it anew. What nobody looks at any more is not made to its end.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import BoundedSemaphore, Event, Lock, Thread, Timer
from time import monotonic
from typing import Generic, Literal, NamedTuple, TypeVar

import structlog

from services.casefile.api.faults import fault
from services.casefile.api.refusals import Broken
from services.casefile.domain.refusals import CasefileError, Refused

AT_ONCE = 2
MOST_EACH = 3
MOST_KEPT = 32
PATIENCE = 1.5
UNWATCHED = 60.0
KEPT = 600.0

T = TypeVar("T")
log = structlog.get_logger()
Step = Literal["waiting", "reading", "writing"]


class TooMuchAtOnce(Refused):
    """As much is being made for you as one person may have made at once."""

    remedy = "Wait until one of them is ready, then ask again."


class NobodyWaits(CasefileError):
    """The page that waited for this was closed."""

    remedy = "Ask for it again."


class Key(NamedTuple):
    """Whose it is, in which language, and its address."""

    staff: str
    role: str
    locale: str
    address: str


class Stage(NamedTuple):
    """How far it has come: files read of so many, then rows written."""

    step: Step
    done: int = 0
    total: int | None = None


class Making(Generic[T]):
    """One thing that is being made, or is ready, or could not be made."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.stage = Stage("waiting")
        self.error: CasefileError | None = None
        self._made: T | None = None
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

    @property
    def made(self) -> T:
        """What came of it; why not, where it could not be made."""
        if self.error is not None:
            raise self.error
        assert self._made is not None, "It is not over."
        return self._made

    def run(self, make: "Make[T]") -> None:
        try:
            self._move(Stage("reading"))
            self._made = make(self)
        except CasefileError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001
            log.error("not_made", **fault(error))  # noqa: TRY400
            self.error = Broken()
        finally:
            self._ended.set()

    def _move(self, stage: Stage) -> None:
        if self._clock() - self._looked > UNWATCHED:
            raise NobodyWaits
        self.stage = stage


Make = Callable[[Making[T]], T]


class Workshop(Generic[T]):
    """What is made in one process. `patience`: how long one waits before one is shown how far it is."""

    def __init__(self, patience: float = PATIENCE, clock: Callable[[], float] = monotonic) -> None:
        self.patience = patience
        self._clock = clock
        self._places = BoundedSemaphore(AT_ONCE)
        self._lock = Lock()
        self._makings: OrderedDict[Key, Making[T]] = OrderedDict()

    def ask(self, key: Key, make: Make[T]) -> Making[T]:
        """What is being made already, or anew. What failed is made again."""
        with self._lock:
            making = self._makings.get(key)
            if making is None or making.error is not None:
                self._must_have_room(key)
                making = self._makings[key] = Making(self._clock)
                self._let_go()
                Thread(target=self._run, args=(key, making, make), daemon=True).start()
        making.look()
        return making

    def find(self, key: Key) -> Making[T] | None:
        with self._lock:
            making = self._makings.get(key)
        if making is not None:
            making.look()
        return making

    def _must_have_room(self, key: Key) -> None:
        theirs = [m for k, m in self._makings.items() if k.staff == key.staff and not m.is_over]
        if len(theirs) >= MOST_EACH:
            raise TooMuchAtOnce(most=MOST_EACH)

    def _let_go(self) -> None:
        """Of what is over, the oldest first."""
        over = [key for key, making in self._makings.items() if making.is_over]
        for key in over[: max(0, len(self._makings) - MOST_KEPT)]:
            del self._makings[key]

    def _run(self, key: Key, making: Making[T], make: Make[T]) -> None:
        with self._places:
            making.run(make)
        timer = Timer(KEPT, self.forget, (key, making))
        timer.daemon = True
        timer.start()

    def forget(self, key: Key, making: Making[T]) -> None:
        """From now on it is made anew for whoever asks."""
        with self._lock:
            if self._makings.get(key) is making:
                del self._makings[key]
