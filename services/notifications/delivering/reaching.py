"""Through what somebody can be reached beside the inbox."""

from collections.abc import Sequence
from typing import Any

from services.notifications.channels.channel import GROUPS
from services.notifications.delivering.matter import Matter
from services.notifications.directory.lookups import people
from services.notifications.policy.people import Person
from services.notifications.state.connections import Connection

IN_APP = "in_app"


def person_of(connection: Connection, staff: str) -> Person:
    return people(connection, [staff]).get(staff) or Person(staff=staff)


def outside(person: Person, found: Matter) -> Sequence[dict[str, Any]]:
    """The person's channels, the best first; where a step names some, those and no others.

    What is confidential goes into no group: nobody knows who is in it.
    """
    barred = {IN_APP, *GROUPS} if found.is_confidential else {IN_APP}
    own = [each for each in person.channels if each.get("channel") not in barred]
    if not found.channels:
        return own
    named = [each for each in own if each.get("channel") in found.channels]
    return sorted(named, key=lambda each: found.channels.index(str(each["channel"])))


def names_others(found: Matter) -> bool:
    """The step wants it told beside the inbox."""
    return any(name != IN_APP for name in found.channels)
