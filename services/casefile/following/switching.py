"""Puts a new edition in the place of the active one: compared at the same position, switched in
one transaction, so that a reader sees the one or the other."""

from collections.abc import Callable, Sequence

from services.casefile.following import register
from services.casefile.following.edition import Edition, view
from services.casefile.following.errors import EditionsDiffer, Superseded
from services.casefile.following.model import Model
from services.casefile.following.parity import Parity, compare
from services.casefile.following.register import Follower, Link

SET_STATE = (
    b"UPDATE casefile.followers SET state = %s, updated_at = clock_timestamp() "
    b"WHERE name = %s AND version = %s AND generation = %s"
)
FORGET = b"DELETE FROM casefile.followers WHERE name = %s AND version = %s AND generation = %s"

Reach = Callable[[Follower, int], Follower]


def switch(
    link: Link, new: Follower, model: Model, reach: Reach, *, accept_differences: bool
) -> list[Parity]:
    """Make the new edition the active one. `reach` brings it to a position; the old one waits."""
    with link.transaction():
        old = register.active_locked(link, model.name)
        parities: list[Parity] = []
        if old is not None:
            new = reach(new, old.position)
            parities = compare(link, old, new.edition, model.tables)
            if not accept_differences and any(p.differences for p in parities):
                raise EditionsDiffer(new.edition, parities)
            link.execute(SET_STATE, ["retired", *old.edition.key])
        _still_ours(link, new)
        link.execute(SET_STATE, ["active", *new.edition.key])
        _point_views(link, old.tables if old else [], new)
    return parities


def drop(link: Link, follower: Follower) -> None:
    """Throw an edition's tables away, and its row."""
    with link.transaction():
        for table in follower.tables:
            link.execute(f"DROP TABLE IF EXISTS {follower.edition.place(table)}".encode())
        link.execute(FORGET, follower.edition.key)


def _still_ours(link: Link, new: Follower) -> None:
    row = register.locked(link, new.edition)
    if row is None or row.epoch != new.epoch:
        raise Superseded(new.edition)


def _point_views(link: Link, before: Sequence[str], new: Follower) -> None:
    for table in dict.fromkeys((*before, *new.tables)):
        link.execute(f"DROP VIEW IF EXISTS {view(table)}".encode())
    for table in new.tables:
        link.execute(_view_of(new.edition, table).encode())


def _view_of(edition: Edition, table: str) -> str:
    return f"CREATE VIEW {view(table)} AS SELECT * FROM {edition.place(table)}"
