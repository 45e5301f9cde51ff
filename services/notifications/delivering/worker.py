"""The process that delivers: takes jobs from the queue, and picks up what a dead process left."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy

from services.notifications.delivering import ledger
from services.notifications.delivering.attempting import Attempting
from services.notifications.delivering.queueing import (
    ATTEMPT,
    DIGEST,
    NOTIFY,
    PUBLISH,
    QUEUE,
    RESCUE,
    Attempt,
)
from services.notifications.delivering.rescuing import requeue_forgotten
from services.notifications.delivering.results import ResultPublisher, result_of
from services.notifications.delivering.telling import Telling
from services.notifications.state.connections import Pool, addressed

log = structlog.get_logger("services.notifications.delivering")

# What fails here is not the channel but the database or ourselves: it is tried for some hours.
AGAIN = RetryStrategy(max_attempts=14, exponential_wait=2)
# A topic may be away for a day; once it is back, everything is there within half a minute.
UNTIL_TOMORROW = RetryStrategy(max_attempts=2880, wait=30)
# What waits behind another one of the same lock is not due.
DUE = """
SELECT EXISTS (
    SELECT 1 FROM procrastinate_jobs j
    WHERE j.status = 'todo' AND j.queue_name = %s AND coalesce(j.scheduled_at, now()) <= now()
        AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs o
            WHERE o.lock = j.lock AND o.status = 'todo' AND o.priority = j.priority AND o.id < j.id
        )
)
"""
EVERY_MINUTE = "* * * * *"
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
DEAD_SECONDS = 20.0


class Delivery:
    """The tasks, and the worker that runs them."""

    def __init__(
        self,
        conninfo: str,
        pool: Pool,
        telling: Telling,
        attempting: Attempting,
        publisher: ResultPublisher | None = None,
    ) -> None:
        self._pool = pool
        self._telling = telling
        self._attempting = attempting
        self._publisher = publisher
        connector = PsycopgConnector(conninfo=addressed(conninfo, "notifications deliver"))
        self.app = App(connector=connector)
        self._register()

    async def run(self, *, concurrency: int = 8, wait: bool = True, signals: bool = True) -> None:
        """Until a signal; with `wait=False` until nothing is left to do now."""
        async with self.app.open_async():
            await self._rescue_stalled()
            while True:
                await self.app.run_worker_async(
                    concurrency=concurrency,
                    wait=wait,
                    install_signal_handlers=signals,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=DEAD_SECONDS,
                    shutdown_graceful_timeout=15,
                    delete_jobs="successful",
                )
                # What the last jobs queued is not waited for by a worker that is to stop.
                if wait or not await asyncio.to_thread(self._is_something_due):
                    return

    def _register(self) -> None:
        task = self.app.task
        task(name=NOTIFY, queue=QUEUE, retry=AGAIN)(self._notify)
        task(name=DIGEST, queue=QUEUE, retry=AGAIN)(self._digest)
        task(name=ATTEMPT, queue=QUEUE, retry=AGAIN)(self._attempt)
        task(name=PUBLISH, queue=QUEUE, retry=UNTIL_TOMORROW)(self._publish)
        rescue = task(name=RESCUE, queue=QUEUE, queueing_lock=RESCUE)(self._rescue)
        self.app.periodic(cron=EVERY_MINUTE)(rescue)

    async def _notify(self, notice: str) -> None:
        await asyncio.to_thread(self._with_connection, self._telling.notice, UUID(notice))

    async def _digest(self, digest: str) -> None:
        await asyncio.to_thread(self._with_connection, self._telling.digest, UUID(digest))

    async def _attempt(self, **given: Any) -> None:
        await self._attempting.run(msgspec.convert(given, Attempt))

    async def _publish(self, delivery: int) -> None:
        if self._publisher is not None:
            await asyncio.to_thread(self._published, self._publisher, delivery)

    async def _rescue(self, timestamp: int) -> None:  # noqa: ARG002 - periodic tasks are given it
        await self._rescue_stalled()
        count = await asyncio.to_thread(self._forgotten)
        if count:
            log.warning("notices_had_no_job", count=count)

    def _published(self, publisher: ResultPublisher, delivery: int) -> None:
        with self._pool.connection() as connection:
            entry = ledger.one(connection, delivery)
        if entry is not None:
            publisher.publish(result_of(entry))

    def _forgotten(self) -> int:
        with self._pool.connection() as connection:
            return requeue_forgotten(connection)

    async def _rescue_stalled(self) -> None:
        """Jobs that a process had begun when it died go back into the queue."""
        manager = self.app.job_manager
        found = await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS)
        for job in found:
            await manager.retry_job(job)
            log.warning("job_taken_up_again", name=job.task_name)

    def _is_something_due(self) -> bool:
        with self._pool.connection() as connection:
            return connection.execute(DUE, [QUEUE]).fetchone() == (True,)

    def _with_connection(self, work: Any, given: UUID) -> None:
        with self._pool.connection() as connection:
            work(connection, given)
