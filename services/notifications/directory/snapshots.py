"""Gathers what the ladder goes by: for any number of messages in the same few questions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.notifications.directory.lookups import heard_now, people
from services.notifications.policy.days import day_in_china
from services.notifications.policy.resolving import climb
from services.notifications.policy.snapshot import Carer, Post, Snapshot
from services.notifications.state.connections import Connection

CARE = "SELECT case_id, role, staff FROM notifications.care WHERE case_id = ANY(%s) ORDER BY role"
BARRED = "SELECT case_id, staff FROM notifications.barred WHERE case_id = ANY(%s)"
PLACES = """
SELECT case_id, class_unit, school, village FROM notifications.case_places WHERE case_id = ANY(%s)
"""
ABOVE = """
WITH RECURSIVE above AS (
    SELECT code, parent FROM notifications.units WHERE code = ANY(%s)
    UNION SELECT u.code, u.parent FROM notifications.units u JOIN above a ON u.code = a.parent
)
SELECT code, parent FROM above
"""
# As the view of posts has it, but found by the unit.
HELD = """
SELECT p.role, p.staff, p.unit, p.since FROM notifications.post_changes p
WHERE p.unit = ANY(%(units)s) AND p.role = ANY(%(roles)s) AND p.since <= %(today)s
    AND NOT EXISTS (
        SELECT 1 FROM notifications.post_changes later
        WHERE later.stream_id = p.stream_id AND later.since > p.since
            AND later.since <= %(today)s)
"""


class Asked(NamedTuple):
    """Of whom something is to be known: a child, a unit, somebody accountable."""

    case_id: UUID | None
    unit: str | None = None
    staff: str | None = None


class Tree(NamedTuple):
    """The units above those that were asked about, and who holds which post there."""

    parents: dict[str, str | None]
    posts: dict[str, list[Post]]


class Children(NamedTuple):
    """Of each child: who cares, who may hear nothing, and where the child belongs."""

    care: dict[UUID, list[Carer]]
    barred: dict[UUID, set[str]]
    places: dict[UUID, list[str]]


def snapshots(
    connection: Connection, asked: Sequence[Asked], now: datetime, roles: Iterable[str]
) -> list[Snapshot]:
    """For each of them what is known, in their order.

    They share `heard_now`, so that whoever decides one after the other can count on.
    """
    known = _children(connection, {each.case_id for each in asked if each.case_id is not None})
    near = [_near(each, known) for each in asked]
    tree = _tree(connection, {place for places in near for place in places}, now, list(roles))
    there = {post.staff for posts in tree.posts.values() for post in posts}
    there |= {carer.staff for carers in known.care.values() for carer in carers}
    wanted = sorted(there.union(each.staff for each in asked if each.staff))
    shared = {"people": people(connection, wanted), "heard_now": heard_now(connection, wanted, now)}
    return [
        _one(each, places, known, tree, shared) for each, places in zip(asked, near, strict=True)
    ]


def _one(
    asked: Asked, near: list[str], known: Children, tree: Tree, shared: Mapping[str, object]
) -> Snapshot:
    chains = tuple(climb(place, tree.parents) for place in near)
    units = {unit: None for chain in chains for unit in chain}
    return Snapshot(
        care=tuple(known.care.get(asked.case_id, ())) if asked.case_id else (),
        posts=tuple(post for unit in units for post in tree.posts.get(unit, ())),
        chains=chains,
        hidden=frozenset(known.barred.get(asked.case_id, ())) if asked.case_id else frozenset(),
        **shared,  # type: ignore[arg-type]
    )


def _children(connection: Connection, cases: set[UUID]) -> Children:
    found = Children({}, {}, {})
    if cases:
        given = [sorted(cases)]
        for case, role, staff in connection.execute(CARE, given):
            found.care.setdefault(case, []).append(Carer(role, staff))
        for case, staff in connection.execute(BARRED, given):
            found.barred.setdefault(case, set()).add(staff)
        for case, *places in connection.execute(PLACES, given):
            found.places[case] = [place for place in places if place is not None]
    return found


def _near(asked: Asked, known: Children) -> list[str]:
    own = known.places.get(asked.case_id, []) if asked.case_id else []
    return own if asked.unit is None else [*own, asked.unit]


def _tree(connection: Connection, near: set[str], now: datetime, roles: list[str]) -> Tree:
    parents: dict[str, str | None] = dict(connection.execute(ABOVE, [sorted(near)]).fetchall())
    given = {"units": sorted(parents), "roles": roles, "today": day_in_china(now)}
    posts: dict[str, list[Post]] = {}
    for row in connection.execute(HELD, given):
        post = Post(*row)
        posts.setdefault(post.unit, []).append(post)
    return Tree(parents, posts)
