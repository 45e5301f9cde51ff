"""Who held which post, and what a unit was called and belonged to, on a given day."""

from datetime import date
from typing import NamedTuple

from services.casefile.domain.dated import dated
from services.casefile.domain.facts import Facts, value


class Post(NamedTuple):
    """What a member of staff was on a day; with the staff id it makes an `Author`."""

    role: str
    unit: str


class UnitThen(NamedTuple):
    """A unit as it stood on a day."""

    code: str
    kind: str
    name: str
    parent: str | None
    division: str | None


def post_on(facts: Facts, day: date) -> Post | None:
    """The post held on that day, or None before the first, between two, and after the last."""
    post = dated(facts, "posts", day)
    if post is None or post["role"] is None:
        return None
    return Post(post["role"], post["unit"])


def unit_on(facts: Facts, day: date) -> UnitThen | None:
    """The unit as it stood on that day, or None if it did not exist."""
    since, closed = value(facts, "unit.valid_from"), value(facts, "unit.closed_from")
    if since is None or day < since or (closed is not None and day >= closed):
        return None
    return UnitThen(
        code=value(facts, "unit.code"),
        kind=value(facts, "unit.kind"),
        name=dated(facts, "unit_names", day),
        parent=dated(facts, "unit_parents", day),
        division=value(facts, "unit.division"),
    )
