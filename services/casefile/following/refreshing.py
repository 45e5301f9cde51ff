"""Makes rows anew that depend on more than their own stream: a new rule, and every child's rows.

They are made from the streams as they were before the page, a few at a time, each few in a
transaction of its own; then the page is taken. Killed in between, the model names the rest again.
"""

from collections.abc import Collection, Sequence
from threading import Event
from time import monotonic
from uuid import UUID

import structlog

from services.casefile.following import parking, register
from services.casefile.following.changes import Changes
from services.casefile.following.model import Model
from services.casefile.following.pages import Page, Streams
from services.casefile.following.register import Follower, Link
from services.casefile.following.storing import store

AT_ONCE = 200
TOLD_EVERY = 10.0

log = structlog.get_logger(__name__)


def make_anew(
    link: Link, follower: Follower, model: Model, page: Page, streams: Streams, stop: Event
) -> bool:
    """All rows that the page makes stale, except those of parked cases; False when told to stop."""
    entries = [entry for entry in page.entries if entry.position > follower.position]
    stale = list(model.stale(link, follower.edition, entries))
    told = monotonic()
    for start in range(0, len(stale), AT_ONCE):
        if stop.is_set():
            return False
        some = stale[start : start + AT_ONCE]
        # Not as of the page: what it adds to sums is added when it is taken.
        while not _made_anew(link, follower, model, some, streams.as_at(follower.position)):
            pass
        if monotonic() - told > TOLD_EVERY:
            told = monotonic()
            log.info("made_anew", model=model.name, done=start + len(some), of=len(stale))
    return True


def _made_anew(
    link: Link, follower: Follower, model: Model, some: Sequence[UUID], streams: Streams
) -> bool:
    """False when somebody parked or retried a case meanwhile, and it has to be done again."""
    held = parking.held(link, follower.edition)
    changes = Changes()
    changes.restate(model, streams.of(without(some, held)))
    with link.transaction() as transaction:
        register.advance(link, follower, follower.position)
        if parking.held(link, follower.edition) == held:
            store(link, follower, model, changes, follower.position)
            return True
        transaction.force_rollback = True
    return False


def without(some: Sequence[UUID], held: Collection[UUID]) -> list[UUID]:
    return [stream_id for stream_id in some if stream_id not in held]
