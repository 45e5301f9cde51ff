"""Takes one batch in one transaction: together what can go together, the rest one by one."""

from uuid import UUID

from services.notifications.consuming.runs import Run
from services.notifications.consuming.taking import Taking
from services.notifications.messages import Incoming
from services.notifications.sources.source import Batch, Unreadable
from services.notifications.state import offsets
from services.notifications.state.connections import Connection


def take_batch(taking: Taking, connection: Connection, source: str, batch: Batch) -> None:
    """Everything the batch holds has its effect, or nothing of it."""
    with connection.transaction():
        offsets.advance(connection, source, batch.partition, batch.offset, batch.next_offset)
        taking.hold({stream for m in batch.messages if (stream := _stream(m)) is not None})
        run = Run(taking.effect)
        for message in batch.messages:
            if not _joins(taking, run, message):
                taking.take_together(run)
                run = Run(taking.effect)
            if _joins(taking, run, message):
                run.add(message)  # type: ignore[arg-type]
            else:
                taking.take(message)
        taking.take_together(run)


def _joins(taking: Taking, run: Run, message: Incoming | Unreadable) -> bool:
    """Nothing stands in its way, and it is the next of its stream."""
    if isinstance(message, Unreadable) or taking.holds(message.stream_id):
        return False
    before = run.versions.get(message.stream_id, taking.head(message.stream_id))
    return message.version == before + 1 and run.may_join(message)


def _stream(message: Incoming | Unreadable) -> UUID | None:
    return message.stream_id if isinstance(message, Incoming) else message.traces.stream_id
