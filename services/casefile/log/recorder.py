"""The one door to the log: append a command's commit, read one child, or follow everything."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Self, cast
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    StoredEvent,
    Subscription,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from services.casefile.log.appending import LogWriter
from services.casefile.log.batching import Batcher
from services.casefile.log.commit import Answered, Appended, Commit, LogRow, Row
from services.casefile.log.connections import LogDatastore, conninfo_of
from services.casefile.log.errors import DbFunctionsEnabled, LogUnavailable, VersionConflict
from services.casefile.log.reading import LogReader
from services.casefile.log.self_check import self_check
from services.casefile.log.subscribing import LogSubscription
from services.casefile.log.verdicts import Outcome
from services.casefile.log.waking import Waker
from services.casefile.log.wire import Submission, Wire


class CasefileRecorder(PostgresApplicationRecorder):
    """Appends in batches under one lock; also serves the library's own protocol."""

    def __init__(
        self,
        datastore: PostgresDatastore,
        *,
        events_table_name: str = "stored_events",
        most_waiting: int = 4096,
        patience: float = 15.0,
    ) -> None:
        if datastore.enable_db_functions:
            raise DbFunctionsEnabled
        super().__init__(datastore, events_table_name=events_table_name)
        self._reader = LogReader(datastore)
        self._wire = Wire(conninfo_of(datastore), patience=patience)
        self._writer = LogWriter(self._wire)
        self._batcher: Batcher[Submission, Outcome] = Batcher(
            self._write, weigh, most_waiting=most_waiting
        )
        self.waker = Waker(conninfo_of(datastore))

    @classmethod
    def open(cls, conninfo: str, **settings: Any) -> Self:
        return cls(LogDatastore(conninfo), **settings)

    def self_check(self) -> None:
        """Raise UnsafeLog with every reason why this database must not be written to."""
        self_check(self._reader)

    def close(self) -> None:
        self.waker.close()
        self._wire.close()
        self.datastore.close()

    def create_table(self) -> None:
        """Nothing to do: the tables come from migrations, run by another role."""

    def append(self, commit: Commit) -> Appended:
        """Store a command's commit or say why not; returns when it is on disk."""
        outcome = self._batcher.submit(Submission(commit))
        if isinstance(outcome, Appended):
            return outcome
        raise outcome

    def append_many(self, commits: Sequence[Commit]) -> list[Outcome]:
        """Many commands of one caller; each is stored, or says why not, on its own."""
        return self._batcher.submit_many([Submission(commit) for commit in commits])

    def reserved_by(self, kind: str, digest: bytes) -> UUID | None:
        """The case that holds what a digest stands for."""
        return self._reader.reserved_by(kind, digest)

    def stream(self, stream_id: UUID, *, after: int = 0, upto: int | None = None) -> list[Row]:
        return self._reader.stream(stream_id, after=after, upto=upto)

    def streams(self, stream_ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
        """Many streams in one go; one without events is left out."""
        return self._reader.streams(stream_ids)

    def stream_page(self, stream_id: UUID, after: int, upto: int, limit: int) -> list[LogRow]:
        """What follows a position in one stream, as far as another."""
        return self._reader.stream_page(stream_id, after, upto, limit)

    def page(self, after: int, limit: int) -> list[LogRow]:
        return self._reader.page(after, limit)

    def head(self) -> int:
        return self._reader.head()

    def watermark(self) -> tuple[int, datetime]:
        """The log's head, and a moment: no event stamped before it will ever appear later."""
        return self._reader.watermark()

    def place(self, position: int) -> tuple[int, datetime] | None:
        return self._reader.place(position)

    def place_at(self, moment: datetime, upto: int) -> tuple[int, datetime] | None:
        return self._reader.place_at(moment, upto)

    def longest_silence(self, since: int, moment: datetime) -> tuple[datetime, datetime]:
        """The longest stretch without a record, from the event at a position up to a moment."""
        return self._reader.longest_silence(since, moment)

    def answered(self, key: bytes) -> Answered | None:
        """What an earlier command with this key left, if there was one."""
        return self._reader.answered(key)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        if kwargs:
            raise NotSupportedError(f"the log does not store {', '.join(sorted(kwargs))}")
        if not stored_events:
            return []
        try:
            return list(self.append(Commit(tuple(stored_events))).positions)
        except VersionConflict as conflict:
            raise IntegrityError(str(conflict)) from conflict
        except LogUnavailable as error:
            raise OperationalError(str(error)) from error

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        stream_id = cast(UUID, originator_id)
        return self._reader.events(stream_id, gt=gt, lte=lte, desc=desc, limit=limit)

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        return LogSubscription(self, self.waker, gt=gt, topics=topics)

    def _write(self, batch: Sequence[Submission]) -> list[Outcome]:
        outcomes = self._writer.write(batch)
        self.waker.wake()
        return outcomes


def weigh(submission: Submission) -> int:
    return sum(len(event.state) for event in submission.commit.events)
