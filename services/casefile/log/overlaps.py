"""Finds the commits of one batch that touch the same key, so that a round holds no two of them.

A commit behind another waits for that one's outcome, which often answers it at once.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from services.casefile.log.commit import Commit

Place = tuple[UUID, int]


@dataclass(slots=True)
class Round:
    """The commits that may go together, and for every other the one it is behind."""

    ahead: list[int] = field(default_factory=list)
    behind: dict[int, int] = field(default_factory=dict)


def plan(commits: Sequence[Commit], numbers: Sequence[int]) -> Round:
    if len(numbers) == 1:
        return Round([numbers[0]])
    owners: dict[Hashable, int] = {}
    planned = Round()
    for number in numbers:
        keys = list(_keys(commits[number]))
        owner = next((owners[key] for key in keys if key in owners), None)
        if owner is None:
            planned.ahead.append(number)
            owners.update((key, number) for key in keys)
        else:
            planned.behind[number] = owner
    return planned


def repeated_place(commit: Commit) -> Place | None:
    """A stream and version that one commit names twice; it can then never be stored."""
    if len(commit.events) < 2:
        return None
    seen: set[Place] = set()
    for place in places(commit):
        if place in seen:
            return place
        seen.add(place)
    return None


def shared_place(one: Commit, other: Commit) -> Place | None:
    taken = set(places(other))
    return next((place for place in places(one) if place in taken), None)


def places(commit: Commit) -> Iterator[Place]:
    for event in commit.events:
        yield cast(UUID, event.originator_id), event.originator_version


def _keys(commit: Commit) -> Iterator[Hashable]:
    if commit.claim:
        yield commit.claim.key
    yield from places(commit)
    for held in commit.reserve:
        yield held.kind, held.digest
    yield from commit.release
