"""An invented county of teachers as notifications knows it, and the misses of its month's end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid5

from psycopg.types.json import Jsonb

from services.notifications.messages import Incoming
from services.notifications.state.connections import connect

SPACE = UUID("018f0000-0000-7000-8000-00000000c0de")
NIGHT = datetime(2026, 11, 30, 16, 5, tzinfo=UTC)
CLASSES, SCHOOLS = 100, 5
MISSED = "casefile.obligation-missed.v1"


def miss(n: int, people: int) -> Incoming:
    """One child's talk, and the teacher who was accountable for it."""
    case, teacher = uuid5(SPACE, str(n)), n % people
    data = {
        "stream": "case", "stream_id": str(case), "case_id": str(case),
        "record_id": str(uuid5(case, "miss")), "occurred_on": "2026-12-01", "policy": "school",
        "policy_version": 1, "rule": "talk.class_teacher", "window": "2026-11",
        "due_on": "2026-11-30", "closed_on": "2026-12-01", "obligor": "staff",
        "role": "class_teacher", "accountable": f"t-{teacher:04}", "unit": f"class-{teacher}",
    }  # fmt: skip
    return Incoming(f"{case}:1", MISSED, "case", case, 1, n + 1, NIGHT, data)


def settle(conninfo: str, people: int) -> None:
    """A teacher for each class, a lead for each school, a supervisor for each township."""
    with connect(conninfo) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO notifications.units (code, stream_id, parent, kind, name) "
            "VALUES (%s, %s, %s, %s, %s)",
            [
                [code, uuid5(SPACE, code), parent, kind, code]
                for code, parent, kind in units(people)
            ],
        )
        cursor.executemany(
            "INSERT INTO notifications.post_changes "
            "(stream_id, since, staff, role, unit, version) "
            "VALUES (%s, '2024-09-01', %s, %s, %s, 1)",
            [[uuid5(SPACE, staff), staff, role, unit] for staff, role, unit in posts(people)],
        )
        cursor.executemany(
            "INSERT INTO notifications.people (staff, channels) VALUES (%s, %s)",
            [
                [staff, Jsonb([{"channel": "webhook", "address": staff}])]
                for staff, *_ in posts(people)
            ],
        )


def units(people: int) -> Iterator[tuple[str, str | None, str]]:
    yield "county", None, "county"
    for school in range(-(-people // CLASSES)):
        if school % SCHOOLS == 0:
            yield f"town-{school // SCHOOLS}", "county", "township"
        yield f"school-{school}", f"town-{school // SCHOOLS}", "school"
    for number in range(people):
        yield f"class-{number}", f"school-{number // CLASSES}", "class"


def posts(people: int) -> Iterator[tuple[str, str, str]]:
    named = {"class": ("t-{:04}", "class_teacher"), "school": ("lead-{}", "school_lead"),
             "township": ("sup-{}", "child_supervisor")}  # fmt: skip
    for code, _, kind in units(people):
        if kind in named:
            staff, role = named[kind]
            yield staff.format(int(code.rpartition("-")[2])), role, code
