"""One model takes one page: its rows and its new place are stored together or not at all."""

import msgspec

from services.casefile.following import parking, register
from services.casefile.following.changes import changes_of
from services.casefile.following.model import Model
from services.casefile.following.pages import Page, Streams
from services.casefile.following.refreshing import make_anew
from services.casefile.following.register import Follower, Link
from services.casefile.following.storing import store


def follow(link: Link, follower: Follower, model: Model, page: Page, streams: Streams) -> Follower:
    """The follower as it stands after the page; raises Superseded when it is no longer ours."""
    make_anew(link, follower, model, page, streams)
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
