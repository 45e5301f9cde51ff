"""A small county: one child, her places, the people around her, and messages as Casefile sends them."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from services.notifications.messages import Incoming, parse_json
from services.notifications.policy.people import Person
from services.notifications.policy.reading import default_ladder
from services.notifications.policy.snapshot import Carer, Post, Snapshot

MESSAGES = Path(__file__).parents[3] / "schemas/messages"
CASE = UUID("018f0000-0000-7000-8000-00000000c0de")
MISS = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a11"
LADDER = default_ladder()
# A Wednesday, at ten in China.
NOON = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
SINCE = date(2024, 9, 1)


def example(name: str, **data: Any) -> Incoming:
    """The example of a message that is shipped, with some of its data otherwise."""
    path = MESSAGES / f"casefile.{name}.v1.example.json"
    event = deepcopy(msgspec.json.decode(path.read_bytes()))
    event["data"] |= data
    return parse_json(msgspec.json.encode(event))


def missed(**data: Any) -> Incoming:
    return example("obligation-missed", **{"closed_on": "2026-11-18", "record_id": MISS} | data)


def fulfilled(**data: Any) -> Incoming:
    return example("obligation-fulfilled", **{"missed": MISS} | data)


def county(**changes: Any) -> Snapshot:
    """Class, school, village and township, all in one county."""
    known = Snapshot(
        care=(Carer("class_teacher", "t-101"), Carer("child_director", "d-7")),
        posts=(
            Post("school_lead", "lead-1", "school", SINCE),
            Post("child_supervisor", "sup-1", "town", SINCE),
            Post("county_civil_affairs", "ca-1", "county", SINCE),
            Post("county_civil_affairs", "ca-2", "county", SINCE + timedelta(days=1)),
        ),
        chains=(("class-31", "school", "town", "county"), ("village", "town", "county")),
    )
    return msgspec.structs.replace(known, **changes)


def people(*known: Person) -> dict[str, Person]:
    return {each.staff: each for each in known}


def told(intents: Any, kind: str | None = None) -> list[str]:
    """Who is told, of one kind or of any."""
    return [s for i in intents if kind in (None, i.kind) for s in i.staff]


def row(**changes: Any) -> dict[str, Any]:
    """A line of what comes next on Casefile's board."""
    return {
        "subject_id": str(CASE), "subject": "case", "policy": "school-default", "version": 1,
        "rule": "talk.class_teacher", "window_key": "2026-11", "obligor": "staff",
        "role": "class_teacher", "accountable": "t-101", "unit": "class-31",
        "starts_on": "2026-11-01", "ends_on": "2026-11-30", "due_on": "2026-11-30",
        "what": "due", "least": 1, "counted": 0,
    } | changes  # fmt: skip
