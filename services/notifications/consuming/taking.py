"""Takes messages within one transaction: in the order of each stream, whatever stands in the way."""

import time
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import psycopg
import structlog

from services.notifications.consuming.effect import Effect
from services.notifications.consuming.ignoring import Ignoring
from services.notifications.consuming.runs import Run
from services.notifications.log_config import fault
from services.notifications.messages import Incoming, NotReadable
from services.notifications.sources.source import Unreadable
from services.notifications.state import heads, parked
from services.notifications.state.connections import Connection
from services.notifications.state.parked import Place

TRIES = 3
PAUSE_SECONDS = 0.05

log = structlog.get_logger(__name__)


class Taking:
    """The streams of one transaction: their heads are ours until commit."""

    def __init__(
        self,
        connection: Connection,
        effect: Effect,
        place: Place,
        ignoring: Ignoring,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = connection
        self.effect = effect
        self._place = place
        self._ignoring = ignoring
        self._pause = pause
        self._heads: dict[UUID, int] = {}
        self._holding: set[UUID] = set()
        self.counts: Counter[str] = Counter()

    def hold(self, streams: set[UUID]) -> None:
        self._heads = heads.lock(self._connection, streams)
        self._holding = parked.holding(self._connection, streams)

    def holds(self, stream_id: UUID) -> bool:
        return stream_id in self._holding

    def head(self, stream_id: UUID) -> int:
        return self._heads[stream_id]

    def is_next(self, stream_id: UUID, version: int | None) -> bool:
        return version == self._heads[stream_id] + 1

    def take(self, message: Incoming | Unreadable) -> None:
        if isinstance(message, Unreadable):
            self._park_raw(message)
        elif message.version <= self._heads[message.stream_id]:
            self.counts["duplicates"] += 1
        elif message.version > self._heads[message.stream_id] + 1:
            self._wait(message)
        elif self.carry_out(message) and message.stream_id in self._holding:
            self.drain(message.stream_id)

    def take_together(self, run: Run) -> None:
        """If one of them fails, nobody knows yet which: they are tried one by one."""
        if len(run.messages) > 1:
            try:
                with self._connection.transaction():
                    self.counts["notices"] += self.effect.of(self._connection, run.messages)
            except Exception as error:
                if _is_dependency(self._connection, error):
                    raise
            else:
                self._heads.update(run.versions)
                for message in run.messages:
                    self._count(message)
                return
        for message in run.messages:
            self.take(message)

    def carry_out(self, message: Incoming) -> bool:
        """The effect, or the message parked; what the database refuses is nobody's fault here."""
        try:
            self._tried(message)
        except NotReadable as unreadable:
            self._park(message, "unreadable", unreadable.reason)
            return False
        except Failing as failing:
            self._park(message, "failed", failing.reason)
            return False
        if message.stream_id in self._holding:
            parked.release_at(self._connection, message.stream_id, message.version)
        return True

    def drain(self, stream_id: UUID) -> None:
        """Go on with what waited behind the message that had its effect just now."""
        while (waiting := parked.first(self._connection, stream_id)) is not None:
            if not self.is_next(stream_id, waiting.version):
                self._mark_hole(waiting)
                return
            if waiting.grade in ("unreadable", "failed"):
                return
            if not self.carry_out(parked.content(self._connection, waiting.id).read()):
                return
        self._holding.discard(stream_id)
        log.info("stream_goes_on", stream_id=str(stream_id), version=self._heads[stream_id])

    def _tried(self, message: Incoming) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                with self._connection.transaction():
                    self.counts["notices"] += self.effect.of(self._connection, [message])
            except NotReadable:
                raise
            except Exception as error:
                if _is_dependency(self._connection, error):
                    raise
                if attempt == TRIES:
                    raise Failing(error) from error
                self._pause(PAUSE_SECONDS * 4 ** (attempt - 1))
            else:
                break
        self._heads[message.stream_id] = message.version
        self._count(message)

    def _count(self, message: Incoming) -> None:
        self.counts["taken"] += 1
        if not self.effect.knows(message):
            self.counts["ignored"] += 1
            self._ignoring.note(message)

    def _wait(self, message: Incoming) -> None:
        if message.stream_id in self._holding:
            self._park(message, "behind", "one before it is parked")
        else:
            self._park(message, "hole", _hole(self._heads[message.stream_id], message.version))

    def _mark_hole(self, waiting: parked.Parked) -> None:
        if waiting.stream_id is not None and waiting.version is not None:
            reason = _hole(self._heads[waiting.stream_id], waiting.version)
            parked.grade(self._connection, waiting.id, "hole", reason)

    def _park(self, message: Incoming, grade: parked.Class, reason: str) -> None:
        parked.park(self._connection, message, grade, reason, self._place)
        self._say_parked(message.stream_id, message.version, message.type, grade, reason)

    def _park_raw(self, message: Unreadable) -> None:
        t = message.traces
        if t.stream_id is not None and (t.version or 0) <= self._heads[t.stream_id] and t.version:
            self.counts["duplicates"] += 1
            return
        named = (t.stream_id, t.version, t.position, t.type)
        raw = (message.raw, message.headers)
        parked.park_raw(self._connection, named, raw, message.reason, self._place)
        self._say_parked(t.stream_id, t.version, t.type, "unreadable", message.reason)

    def _say_parked(
        self, stream_id: UUID | None, version: int | None, kind: str | None, grade: str, reason: str
    ) -> None:
        self.counts["parked"] += 1
        if stream_id is not None:
            self._holding.add(stream_id)
        if grade != "behind":
            named = str(stream_id) if stream_id else None
            told = {"stream_id": named, "version": version, "type": kind, "class_": grade}
            log.error("message_parked", **told, reason=reason)


class Failing(Exception):
    """Our own code failed on the message, again and again."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        said = fault(error)
        frames = said["frames"]
        place = frames[-1] if isinstance(frames, list) and frames else "nowhere"
        self.reason = f"{said['error']} at {place}"


def _hole(head: int, version: int) -> str:
    last = version - 1
    missing = f"version {last} is" if last == head + 1 else f"versions {head + 1} to {last} are"
    return f"{missing} missing"


def _is_dependency(connection: Connection, error: BaseException) -> bool:
    """The database is away, busy or in somebody else's way: the message is not to blame."""
    if connection.closed or connection.broken:
        return True
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
            return True
        cause = cause.__cause__
    return False
