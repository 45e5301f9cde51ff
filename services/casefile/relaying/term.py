"""One term: from fencing the predecessor to the first surprise."""

from collections.abc import Callable
from time import monotonic, sleep

import msgspec
import structlog

from services.casefile.following import relayed
from services.casefile.following.register import Link
from services.casefile.following.relayed import Tenure
from services.casefile.relaying.batch import Batch, Source
from services.casefile.relaying.errors import TopicAhead, TopicBehind
from services.casefile.relaying.hanging import Hanging
from services.casefile.relaying.publisher import EventPublisher, Reached
from services.casefile.relaying.watchdog import Watchdog

MOST = 4_000
# Right after a commit Kafka still writes its marks, and the next transaction would have to try again:
# what is appended meanwhile goes together instead. Whatever comes after a pause goes at once.
GATHER = 0.015
POLL = 0.1
SIGN_OF_LIFE = 1.0
PROGRESS_EVERY = 10.0

log = structlog.get_logger(__name__)


class Term:
    def __init__(self, source: Source, topic: str, watchdog: Watchdog, reached: Reached) -> None:
        self._source, self._topic = source, topic
        self._watchdog = watchdog
        self._reached = reached
        self._position = self._goal = 0
        self._signed_at = self._told_at = self._committed_at = 0.0
        self.has_published = False

    def run(self, publisher: EventPublisher, link: Link, is_over: Callable[[], bool]) -> None:
        """Publish until it is over.

        Another's turn, an operator's wish and a connection that closed while there was nothing to
        publish end the term as well.
        """
        tenure: Tenure | None = self._begin(publisher, link)
        batch: Batch | None = None
        while tenure is not None and not is_over():
            self._watchdog.beat()
            seen = self._source.mark()
            batch = batch or self._gathered()
            self._reached("read")
            if batch.records:
                tenure, batch = self._publish(publisher, link, tenure, batch)
            elif batch.held is not None:
                raise batch.held
            else:
                tenure, batch = self._idle(publisher, link, tenure, seen), None

    def _begin(self, publisher: EventPublisher, link: Link) -> Tenure:
        """Where to go on. The topic knows it best; the row tells when the topic has lost some."""
        last, hanging = publisher.published(), publisher.hanging()
        head = self._source.head()
        self._reached("placed")
        tenure = relayed.take(link, self._topic)
        self._compare(last, head, tenure, hanging.last)
        if hanging:
            last = self._resolved(publisher, tenure, last, hanging)
            self._compare(last, head, tenure)
        begin = last if tenure.again is None else tenure.again
        self._position, self._goal = begin, max(last, tenure.position)
        log.info("relay_began", topic=self._topic, position=begin, head=head, epoch=tenure.term)
        return tenure

    def _compare(self, last: int, head: int, tenure: Tenure, hidden: int = 0) -> None:
        """The topic with the log and with the row."""
        reach = max(last, hidden)
        if reach > head:
            raise TopicAhead(self._topic, reach, head)
        if reach < (tenure.position if tenure.again is None else tenure.again):
            raise TopicBehind(self._topic, last, tenure.position)

    def _resolved(
        self, publisher: EventPublisher, tenure: Tenure, last: int, hanging: Hanging
    ) -> int:
        """The last position, once nothing hides it any more."""
        known = max(last, tenure.position) if tenure.again is None else tenure.again
        span = {"first": hanging.first, "last": hanging.last, "known": known}
        log.warning("relay_resolves_hanging", topic=self._topic, **span)
        self._watchdog.beat()
        publisher.resolve(hanging, known)
        self._watchdog.beat()
        self._reached("resolved")
        return publisher.published()

    def _gathered(self) -> Batch:
        sleep(max(0.0, self._committed_at + GATHER - monotonic()))
        return self._source.after(self._position, MOST)

    def _publish(
        self, publisher: EventPublisher, link: Link, tenure: Tenure, batch: Batch
    ) -> tuple[Tenure | None, Batch | None]:
        """While Kafka commits one batch, the next is read."""
        pending = publisher.publish(batch.records)
        following = self._source.after(batch.position, MOST) if batch.is_full else None
        pending.settle()
        self._committed_at = monotonic()
        self._reached("committed")
        self._position, self.has_published = batch.position, True
        kept = self._save(link, tenure)
        self._reached("saved")
        if batch.is_full:
            self._say_progress()
        return kept, following

    def _idle(
        self, publisher: EventPublisher, link: Link, tenure: Tenure, seen: int
    ) -> Tenure | None:
        if not publisher.is_connected:
            return None
        if monotonic() > self._signed_at:
            self._signed_at = monotonic() + SIGN_OF_LIFE
            if tenure.again is None and not relayed.save(link, tenure, self._position):
                return None
        self._source.wait(POLL, seen)
        return tenure

    def _save(self, link: Link, tenure: Tenure) -> Tenure | None:
        if tenure.again is None:
            return tenure if relayed.save(link, tenure, self._position) else None
        is_done = self._position >= self._goal
        if not relayed.save_again(link, tenure, self._position, is_done=is_done):
            return None
        return msgspec.structs.replace(tenure, again=None if is_done else self._position)

    def _say_progress(self) -> None:
        if monotonic() > self._told_at:
            self._told_at = monotonic() + PROGRESS_EVERY
            log.info("relay_progress", position=self._position, head=self._source.head())
