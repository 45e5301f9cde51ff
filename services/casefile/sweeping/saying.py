"""What the clock says in the log: each thing once, and a word now and then in a long sweep."""

from time import monotonic
from uuid import UUID

import structlog

from services.casefile.sweeping.status import Pass

EVERY = 5.0

log = structlog.get_logger(__name__)


class Saying:
    """Remembers what it has said."""

    def __init__(self) -> None:
        self._was_behind = False
        self._doubted: str | None = None
        self._failed: dict[UUID, str] = {}
        self._said_at = monotonic()

    def progress(self, done: int, total: int) -> None:
        if monotonic() - self._said_at >= EVERY:
            self._said_at = monotonic()
            log.info("sweeping", count=done, lag=total - done)

    def of(self, done: Pass) -> None:
        self._behind(done)
        self._doubt(done)
        for day in done.days:
            log.info("day_closed", name=day.isoformat())
        for kind, count in sorted(done.swept.declared.items()):
            log.info("declared", kind=kind, count=count)
        for subject_id, reason in done.swept.failed.items():
            if subject_id not in self._failed:
                log.warning("not_judged", case_id=str(subject_id), reason=reason)
        self._failed = done.swept.failed

    def _behind(self, done: Pass) -> None:
        if done.is_behind and not self._was_behind:
            log.warning("time_is_before_the_last_closed_day", name=str(done.closed_until))
        elif self._was_behind and not done.is_behind:
            log.info("time_has_passed_the_last_closed_day", name=str(done.closed_until))
        self._was_behind = done.is_behind

    def _doubt(self, done: Pass) -> None:
        doubt = done.doubt
        if doubt is not None and doubt.code != self._doubted:
            log.warning("time_is_doubted", code=doubt.code, reason=f"{doubt} {doubt.remedy}")
        elif doubt is None and self._doubted is not None:
            log.info("time_is_believed_again")
        self._doubted = None if doubt is None else doubt.code
