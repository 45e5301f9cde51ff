"""One model takes one page: its rows and its new place are stored together or not at all."""

from threading import Event

import msgspec

from services.casefile.following import parking, register
from services.casefile.following.changes import changes_of
from services.casefile.following.model import Model
from services.casefile.following.pages import Page, Streams
from services.casefile.following.refreshing import make_anew
from services.casefile.following.register import Follower, Link
from services.casefile.following.storing import store

NEVER = Event()


def follow(
    link: Link,
    follower: Follower,
    model: Model,
    page: Page,
    streams: Streams,
    stop: Event = NEVER,
) -> Follower:
    """The follower as it stands after the page, or where it stood when it was told to stop.

    Raises Superseded when it is no longer ours.
    """
    if not make_anew(link, follower, model, page, streams, stop):
        return follower
    while True:
        held = parking.held(link, follower.edition)
        changes = changes_of(model, page, follower.position, held, streams)
        with link.transaction() as transaction:
            register.advance(link, follower, page.last)
            # From here on nobody parks, retries or switches until we are done.
            if parking.held(link, follower.edition) == held:
                store(link, follower, model, changes, page.last)
                return msgspec.structs.replace(follower, position=page.last)
            transaction.force_rollback = True
