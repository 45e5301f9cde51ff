"""From roles to people: the care team first, then whoever holds the post nearest to the child."""

from collections.abc import Collection, Iterable, Iterator
from itertools import zip_longest

from services.notifications.policy.snapshot import Post, Snapshot


def recipients(
    wanted: Iterable[str],
    snapshot: Snapshot,
    *,
    accountable: str | None = None,
    hidden: Collection[str] = (),
    most: int = 3,
) -> tuple[str, ...]:
    """Each person once, in the order of the roles; nobody who may not hear of this child."""
    barred = snapshot.hidden.union(hidden)
    found: dict[str, None] = {}
    for role in wanted:
        for staff in _holding(role, snapshot, accountable, barred, most):
            found.setdefault(staff)
    return tuple(found)


def _holding(
    role: str, snapshot: Snapshot, accountable: str | None, barred: Collection[str], most: int
) -> Iterable[str]:
    if role == "accountable":
        return [accountable] if accountable and accountable not in barred else []
    carers = [
        carer.staff
        for carer in snapshot.care
        if role in (carer.role, "care_team") and carer.staff not in barred
    ]
    return carers or _nearest(role, snapshot, barred)[:most]


def _nearest(role: str, snapshot: Snapshot, barred: Collection[str]) -> list[str]:
    """Who holds the role at the nearest unit where anybody does who may hear of it."""
    for units in levels(snapshot.chains):
        holding = [
            post
            for post in snapshot.posts
            if post.role == role and post.unit in units and post.staff not in barred
        ]
        if holding:
            return [post.staff for post in sorted(holding, key=_longest_first)]
    return []


def levels(chains: Iterable[tuple[str, ...]]) -> Iterator[set[str]]:
    """The units one step up, two steps up, and so on, of all places of the child together."""
    for level in zip_longest(*chains):
        yield {unit for unit in level if unit is not None}


def climb(unit: str | None, parents: dict[str, str | None]) -> tuple[str, ...]:
    """The unit and all above it; a circle, which no office should have, ends where it closes."""
    found: dict[str, None] = {}
    while unit is not None and unit not in found:
        found[unit] = None
        unit = parents.get(unit)
    return tuple(found)


def _longest_first(post: Post) -> tuple[object, ...]:
    return post.since, post.staff
