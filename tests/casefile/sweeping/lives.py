"""Invented lives: what is recorded of some children, and when, for a log that is written as it was.

The same seed gives the same lives. They hold what makes judging hard: late entries, attempts,
calls nobody answered, hand-overs, annulments, rests, and files that are closed.
"""

import os
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.personal import Sealed

SEALED = Sealed("identity#1", os.urandom(40), 1, "rec.name")
TEACHERS = ("t-101", "t-102")
HABIT = {"talk": 0.10, "home_visit": 0.05, "family_call": 0.12, "guardian_contact": 0.06}


class Told(NamedTuple):
    """A record on its way into the log."""

    recorded_at: datetime
    child: UUID
    record_id: UUID
    slug: str
    occurred_on: date
    rec: dict[str, Any]


def child_id(number: int) -> UUID:
    return UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + number)


def at_ten(day: date) -> datetime:
    return datetime.combine(day, time(10), CHINA)


def lives(children: int, since: date, until: date, seed: int = 1) -> list[Told]:
    """All that is recorded from one day to another, in the order in which it is."""
    told = [
        each
        for number in range(children)
        for each in life(number, since, until, Random(f"{seed}|{number}"))
    ]
    return sorted(told, key=lambda each: (each.recorded_at, each.child, each.record_id))


def life(number: int, since: date, until: date, random: Random) -> Iterator[Told]:
    child, count = child_id(number), iter(range(1, 10_000))

    def tell(slug: str, day: date, lag: int = 0, **rec: Any) -> Told:
        record_id = UUID(int=child.int ^ next(count) << 48)
        recorded = at_ten(day + timedelta(days=lag)) + timedelta(seconds=number)
        return Told(recorded, child, record_id, slug, day, rec)

    yield tell("opening", since, **opening(number))
    yield tell("worker", since, role="class_teacher", staff=TEACHERS[number % 2])
    yield tell("worker", since, role="child_director", staff="d-201", unit="village-1")
    day, talks = since + timedelta(days=1), []
    while day <= until:
        for slug, share in HABIT.items():
            if random.random() < share:
                lag = random.choice((0, 0, 0, 1, 3, 9, 25))
                one = tell(slug, day, lag, **contact(slug, random))
                talks += [one] if slug == "talk" else []
                yield one
        yield from turn(tell, day, random, talks)
        day += timedelta(days=1)


def opening(number: int) -> dict[str, Any]:
    return {
        "name": SEALED,
        "birth_date": SEALED,
        "birth_year": 2026,
        "sex": ("female", "male")[number % 2],
        "population": ("left_behind", "in_difficulty")[number % 3 == 2],
        "village": "village-1",
        "school": "school-1",
        "class_unit": "class-31",
        "grade": number % 6 + 1,
    }


def contact(slug: str, random: Random) -> dict[str, Any]:
    if slug == "home_visit":
        return {"met": ["guardian"]}
    if slug == "family_call":
        connected = random.random() < 0.6
        parties = {"parties": ["child", "mother"], "initiated_by": "child"}
        return {"mode": "video", "connected": connected} | parties
    if slug == "guardian_contact":
        return {"mode": "phone", "outcome": random.choice(("informed", "not_reached"))}
    return {"mood": "calm"}


def turn(tell: Any, day: date, random: Random, talks: list[Told]) -> Iterator[Told]:
    """What does not happen every day."""
    chance = random.random()
    if chance < 0.01:
        yield tell("worker", day, role="class_teacher", staff=random.choice(TEACHERS))
    elif chance < 0.02 and talks:
        wrong = talks.pop(random.randrange(len(talks)))
        lag = max(0, (wrong.recorded_at.date() - day).days + 1)
        ground = {"ground": "entered_in_error", "reason": SEALED, "of": "talk"}
        yield tell("annulment", day, lag, target=str(wrong.record_id), **ground)
    elif chance < 0.07:
        yield tell("home_visit_attempt", day, random.choice((0, 2)), reason="nobody_home")
    elif chance < 0.073:
        rest = tell("suspension", day, reason="with_parents")
        yield rest
        yield tell("resumption", day + timedelta(days=9), suspension=str(rest.record_id))
    elif chance < 0.076:
        yield tell("closure", day, reason="parent_returned")
