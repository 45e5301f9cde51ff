"""What is known when a message arrives: the child's people, places, and who could be told."""

from datetime import date

import msgspec

from services.notifications.policy.people import People, Person


class Carer(msgspec.Struct, frozen=True):
    """Who is answerable for the child in a role."""

    role: str
    staff: str


class Post(msgspec.Struct, frozen=True):
    """Who holds a role at a unit now."""

    role: str
    staff: str
    unit: str
    since: date


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """`chains`: units from the nearest to the county, one chain for each place of the child.

    `hidden`: those who may hear nothing of this child. `heard_now`: how often somebody was
    told at once today.
    """

    care: tuple[Carer, ...] = ()
    posts: tuple[Post, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()
    hidden: frozenset[str] = frozenset()
    people: People = {}
    heard_now: dict[str, int] = {}

    def person(self, staff: str) -> Person:
        """Somebody the directory does not know is told in the inbox, at the usual hours."""
        return self.people.get(staff) or Person(staff=staff)
