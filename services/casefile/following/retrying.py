"""Takes a parked case up again, or writes any case anew: from its stream, up to the model's place."""

from uuid import UUID

from services.casefile.following import parking, register
from services.casefile.following.changes import Changes
from services.casefile.following.edition import Edition
from services.casefile.following.model import Model
from services.casefile.following.pages import Streams
from services.casefile.following.register import Link
from services.casefile.following.storing import store
from services.casefile.log.mapper import CasefileMapper


def refold(
    link: Link, mapper: CasefileMapper, edition: Edition, model: Model, case_id: UUID
) -> bool:
    """Whether the case's rows are right again; if not, it stays parked, with the reason."""
    with link.transaction():
        # While we hold the row the follower waits, so nothing falls between its page and ours.
        follower = register.locked(link, edition)
        assert follower is not None
        changes = Changes()
        changes.restate(model, Streams(link, mapper, follower.position).of([case_id]))
        if not changes.parked:
            parking.release(link, edition, case_id)
        store(link, follower, model, changes, follower.position)
    return not changes.parked
