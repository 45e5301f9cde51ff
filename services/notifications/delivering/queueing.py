"""Puts jobs into the queue in the transaction of whoever asks; the worker runs them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from services.notifications.policy.safety import is_safety
from services.notifications.state.connections import Connection
from services.notifications.state.notices import Notice

QUEUE = "delivery"
NOTIFY, DIGEST, ATTEMPT, PUBLISH, RESCUE = (
    f"notifications.{name}" for name in ("notify", "digest", "attempt", "publish", "rescue")
)
URGENT, LEISURELY = 10, -10
# All results share one lock, so that they are published in the order of the ledger.
RESULTS = "results"
# Jobs go in by the caller's connection, so this one never opens any.
_app = App(connector=SyncPsycopgConnector())


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to reach somebody with a notice or a digest.

    `place`: which of the person's channels; `tries`: how often that one failed; `number`: counts
    all attempts; `reserved`: it waited for its turn already.
    """

    hearer: str
    notice: str | None = None
    digest: str | None = None
    place: int = 0
    tries: int = 0
    number: int = 1
    reserved: bool = False

    @property
    def key(self) -> str:
        return f"notice|{self.notice}" if self.notice else f"digest|{self.digest}"


def queue(
    connection: Connection, notices: Sequence[Notice], ahead: timedelta = timedelta()
) -> None:
    """Jobs for what is told at once; what waits for the digest is queued with the digest.

    `ahead`: how far the notices' time is ahead of the queue's, which is always the real one.
    """
    jobs = [_job_of(notice, ahead) for notice in notices if notice.urgency == "now"]
    if jobs:
        _put(connection, jobs)


def _job_of(notice: Notice, ahead: timedelta) -> Job:
    return _job(
        NOTIFY,
        f"notice|{notice.id}",
        {"notice": str(notice.id)},
        at=notice.not_before and notice.not_before - ahead,
        priority=URGENT if is_safety(notice.kind, notice.urgency) else 0,
    )


def queue_digests(
    connection: Connection, digests: Iterable[UUID], at: datetime | None = None
) -> None:
    """Jobs for digests that were put together; `at` is their hour, if it has not come."""
    for digest in digests:
        _put(connection, [_job(DIGEST, f"digest|{digest}", {"digest": str(digest)}, at=at)])


def queue_attempt(
    connection: Connection, attempt: Attempt, at: datetime | None = None, *, urgent: bool = False
) -> None:
    job = _job(
        ATTEMPT,
        f"{attempt.key}|{attempt.hearer}",
        msgspec.to_builtins(attempt),
        at=at,
        priority=URGENT if urgent else 0,
    )
    _put(connection, [job])


def queue_result(connection: Connection, delivery: int) -> None:
    """One after the other, when nobody waits to be told: a topic that is away holds up nobody."""
    _put(
        connection,
        [_job(PUBLISH, RESULTS, {"delivery": delivery}, one=delivery, priority=LEISURELY)],
    )


def _job(
    task: str,
    lock: str,
    args: dict[str, Any],
    *,
    one: object = "",
    at: datetime | None = None,
    priority: int = 0,
) -> Job:
    """`lock`: of these one runs at a time; `one` tells apart those that may wait together."""
    deferred = _app.configure_task(
        task,
        queue=QUEUE,
        lock=lock,
        queueing_lock=f"{task}|{lock}|{one}",
        schedule_at=_ahead(at),
        priority=priority,
    )
    return deferred.make_new_job(**args)


def _put(connection: Connection, jobs: Sequence[Job]) -> None:
    """What is in the queue already stays as it is; then the others go in one by one."""
    try:
        with connection.transaction():
            _app.job_manager.batch_defer_jobs(jobs=list(jobs), connection=connection)
    except AlreadyEnqueued:
        if len(jobs) > 1:
            for job in jobs:
                _put(connection, [job])


def _ahead(at: datetime | None) -> datetime | None:
    """Without an hour the worker is woken at once; with one only when it looks again."""
    return at if at is not None and at > datetime.now(at.tzinfo) + timedelta(seconds=1) else None
