"""The relay's loop: one term after another; any surprise ends a term, and the next begins anew."""

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event

import structlog

from services.casefile.following import relayed
from services.casefile.following.edition import Edition
from services.casefile.following.lease import Lease, session
from services.casefile.following.parking import reason_of
from services.casefile.relaying.batch import Source
from services.casefile.relaying.errors import Held
from services.casefile.relaying.publisher import NewPublisher, Reached, unnoticed
from services.casefile.relaying.term import Term
from services.casefile.relaying.watchdog import Watchdog

STAND_BY = 0.5
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
WORK = {"synchronous_commit": "off", "statement_timeout": "10s"}

log = structlog.get_logger(__name__)


class Relay:
    """Several may run; one holds the lease, and were there two, Kafka would let only one commit."""

    def __init__(
        self,
        conninfo: str,
        source: Source,
        topic: str,
        new_publisher: NewPublisher,
        *,
        watchdog: Watchdog | None = None,
        lease_seconds: float = 15.0,
        pauses: tuple[float, ...] = PAUSES,
        reached: Reached = unnoticed,
    ) -> None:
        self._conninfo, self._source, self._topic = conninfo, source, topic
        self._new_publisher = new_publisher
        self._watchdog = watchdog or Watchdog()
        self._seconds = lease_seconds
        self._pauses = pauses
        self._reached = reached

    def run(self, stop: Event) -> None:
        """Publish until told to stop; raises what a person has to decide."""
        failures = 0
        while not stop.is_set():
            self._watchdog.beat()
            term = Term(self._source, self._topic, self._watchdog, self._reached)
            try:
                self._serve(term, stop)
                failures = 0
            except Held as held:
                self._hold(held)
                raise
            except Exception as error:  # noqa: BLE001
                failures = 1 if term.has_published else failures + 1
                log.warning("relay_term_ended", reason=reason_of(error), attempts=failures)
                stop.wait(self._pause(failures))

    def _serve(self, term: Term, stop: Event) -> None:
        with self._leased(stop) as lease:
            if lease is None:
                return
            self._reached("leased")
            with (
                closing(self._new_publisher()) as publisher,
                closing(session(self._conninfo, "casefile-relay", WORK)) as link,
            ):
                self._reached("fenced")
                self._watchdog.beat()
                term.run(publisher, link, lambda: stop.is_set() or lease.is_lost)

    @contextmanager
    def _leased(self, stop: Event) -> Iterator[Lease | None]:
        """The lease, when no other relay has it any more; None when told to stop before."""
        mine = Edition(f"relay {self._topic}", 1, 1)
        with closing(Lease(self._conninfo, self._seconds)) as lease:
            if not lease.take(mine):
                log.info("relay_stands_by", topic=self._topic)
            while not stop.is_set() and not lease.take(mine):
                self._watchdog.beat()
                stop.wait(STAND_BY)
            yield None if stop.is_set() else lease

    def _pause(self, failures: int) -> float:
        longest = self._pauses[min(failures, len(self._pauses)) - 1]
        return longest * random.uniform(0.5, 1.0)  # noqa: S311

    def _hold(self, held: Held) -> None:
        log.error("relay_held", topic=self._topic, reason=reason_of(held), **_place(held))
        with closing(session(self._conninfo, "casefile-relay", WORK)) as link:
            relayed.hold(link, self._topic, held.code)


def _place(held: Held) -> dict[str, int]:
    return {k: v for k, v in held.data.items() if k in ("position", "head")}
