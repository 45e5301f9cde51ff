"""Runs the active editions of this release live: one pass over the log, a transaction per model."""

from collections.abc import Sequence
from threading import Event
from time import monotonic
from typing import NamedTuple

import structlog

from services.casefile.following import parking, register
from services.casefile.following.errors import LOST, Superseded
from services.casefile.following.lease import Lease, session
from services.casefile.following.model import Model
from services.casefile.following.pages import Page, Streams
from services.casefile.following.register import Follower, Link
from services.casefile.following.stepping import NEVER, follow
from services.casefile.log.keyring_errors import KeyringUnavailable
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder

SMALLEST, LARGEST = 500, 20_000
POLL = 0.25
CLAIMS_EVERY = 1.0
REST = 1.0
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)

log = structlog.get_logger(__name__)


class Rest(NamedTuple):
    """A model that has to wait for something only it needs."""

    until: float
    error: KeyringUnavailable


class Following:
    """Not shared between threads: what runs it owns its two sessions."""

    def __init__(
        self,
        conninfo: str,
        recorder: CasefileRecorder,
        mapper: CasefileMapper,
        models: Sequence[Model],
        *,
        lease_seconds: float = 15.0,
        stop: Event = NEVER,
    ) -> None:
        self._stop = stop
        self._conninfo = conninfo
        self._recorder = recorder
        self._mapper = mapper
        self._models = models
        self._seconds = lease_seconds
        self._lease: Lease | None = None
        self._link: Link | None = None
        self._followed: dict[str, Follower] = {}
        self._size = SMALLEST
        self._resting: dict[str, Rest] = {}
        self._claim_at = 0.0

    def run(self, stop: Event) -> None:
        """Follow until told to stop; what passes by itself is waited out, nothing is skipped."""
        self._stop, failures = stop, 0
        while not stop.is_set():
            seen = self._recorder.waker.mark()
            try:
                if not self.step():
                    self._recorder.waker.wait(POLL, since=seen)
                failures = 0
            except LOST as error:
                log.warning("follower_reconnects", reason=parking.reason_of(error))
                self.close()
                stop.wait(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
        self.close()

    def catch_up(self) -> None:
        """Follow to the end of the log as it is now, or raise what keeps a model from it."""
        head, self._claim_at = self._recorder.head(), 0.0
        while self.step():
            places = [follower.position for follower in self._followed.values()]
            if places and min(places) >= head:
                break
        for rest in self._resting.values():
            raise rest.error

    def step(self) -> int:
        """Take the next page; returns how many events it had."""
        link = self._ready()
        self._claim(link)
        awake = self._awake()
        if not awake:
            return 0
        after = min(follower.position for follower in awake)
        page = Page(self._recorder.page(after, self._size), self._mapper)
        self._size = min(self._size * 2, LARGEST) if len(page.rows) == self._size else SMALLEST
        if page.rows:
            self._take(link, page)
        return len(page.rows)

    def close(self) -> None:
        """Give the leases back."""
        self._followed.clear()
        self._resting.clear()
        self._claim_at = 0.0
        lease, self._lease = self._lease, None
        link, self._link = self._link, None
        if lease is not None:
            lease.close()
        if link is not None:
            link.close()

    def _take(self, link: Link, page: Page) -> None:
        streams = Streams(link, self._mapper, page.last)
        for model in self._models:
            follower = self._followed.get(model.name)
            if follower is None or model.name in self._resting or follower.position >= page.last:
                continue
            try:
                self._followed[model.name] = follow(
                    link, follower, model, page, streams, self._stop
                )
            except Superseded:
                self._leave(follower)
            except KeyringUnavailable as error:
                # Only those who open names wait for the keyring; the others go on.
                log.warning("model_rests", model=model.name, reason=parking.reason_of(error))
                self._resting[model.name] = Rest(monotonic() + REST, error)

    def _awake(self) -> list[Follower]:
        now = monotonic()
        self._resting = {name: rest for name, rest in self._resting.items() if rest.until > now}
        return [f for name, f in self._followed.items() if name not in self._resting]

    def _claim(self, link: Link) -> None:
        """Take over the active editions that nobody else follows."""
        if len(self._followed) == len(self._models) or monotonic() < self._claim_at:
            return
        self._claim_at = monotonic() + CLAIMS_EVERY
        for model in self._models:
            if model.name not in self._followed:
                self._claim_one(link, model)

    def _claim_one(self, link: Link, model: Model) -> None:
        assert self._lease is not None
        found = register.active(link, model.name)
        if found is None or not found.edition.is_of(model) or not self._lease.take(found.edition):
            return
        if (mine := register.take_over(link, found.edition)) is not None:
            self._followed[model.name] = mine
            log.info("followed", model=str(mine.edition), position=mine.position)

    def _leave(self, follower: Follower) -> None:
        assert self._lease is not None
        log.warning("superseded", model=follower.name, position=follower.position)
        del self._followed[follower.name]
        self._claim_at = 0.0
        self._lease.give_back(follower.edition)

    def _ready(self) -> Link:
        if self._lease is not None and self._lease.is_lost:
            self.close()
        if self._lease is None:
            self._lease = Lease(self._conninfo, self._seconds)
        if self._link is None:
            self._link = work_session(self._conninfo, self._seconds)
        return self._link


def work_session(conninfo: str, seconds: float) -> Link:
    """Commits need not wait for the disk: rows and place are lost together, and made again."""
    settings = {
        "synchronous_commit": "off",
        "lock_timeout": "60s",
        "idle_in_transaction_session_timeout": f"{seconds}s",
        "jit": "off",
    }
    return session(conninfo, "casefile-follow", settings)
