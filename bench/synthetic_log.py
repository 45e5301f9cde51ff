"""A log of any size: invented children, each with the life of a case, written by COPY as the owner.

Names are sealed with real keys, since the roster opens them; notes are sealed nonsense.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.envelope import Author, Envelope
from services.casefile.domain.personal import Sealed
from services.casefile.log.data_key import DataKey
from services.casefile.log.keyring import Keyring
from services.casefile.log.sealing import seal

PER_CHILD = 50
BEGIN = date(2025, 9, 1)
NOTE = Sealed("welfare#1", os.urandom(120), 1, "rec.note")
COPY = (
    b"COPY casefile.stored_events (originator_id, originator_version, topic, state, recorded_at) "
    b"FROM STDIN"
)

_encode = msgspec.json.Encoder().encode
Life = tuple[str, dict[str, Any]]


def write_log(owner: str, keyring: Keyring, events: int) -> int:
    """Append the log; children take turns, as they do in life. Returns how many events it has."""
    children = [child_id(number) for number in range(events // PER_CHILD)]
    keys = dict(
        zip(children, keyring.provision_many([(c, "identity") for c in children]), strict=True)
    )
    with psycopg.connect(owner) as connection:
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for row in rows(children, keys):
                copy.write_row(row)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE casefile.stored_events")
    return len(children) * PER_CHILD


def rows(children: list[UUID], keys: dict[UUID, DataKey]) -> Iterator[tuple[Any, ...]]:
    for version in range(1, PER_CHILD + 1):
        day = BEGIN + timedelta(days=version * 8)
        for number, child in enumerate(children):
            slug, rec = step(version, number, child, keys[child], day)
            recorded_at = f"{day + timedelta(days=number % 12)} 10:00+08"
            whose = record_id(child, version)
            yield (child, version, topic(slug), state(rec, whose, number, day), recorded_at)


def child_id(number: int) -> UUID:
    milliseconds = 1_756_684_800_000 + number
    tail = int.from_bytes(os.urandom(9), "big") & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | tail)


def record_id(child: UUID, version: int) -> UUID:
    return UUID(int=child.int ^ version << 32)


def step(version: int, number: int, child: UUID, key: DataKey, day: date) -> Life:
    place = {"stream_id": child, "version": version}
    if version == 1:
        return "keys", {"keys": [{"key": key.id, "commitment": key.commitment}]}
    if version == 2:
        return "opening", opening(number, key, place)
    if version == 3:
        return "worker", {"role": "class_teacher", "staff": f"t-{number % 400}"}
    if version == 4:
        return "grant", grant(day)
    if version % 12 == 0:
        return "care_level", {"level": ("universal", "key")[version % 2]}
    if version % 10 == 5:
        paid = {"scheme": "sponsorship", "amount_fen": 20_000, "payee": "guardian"}
        return "disbursement", paid | {"grant": record_id(child, 4)}
    if version % 10 == 6:
        asked = {"found": "received", "asked": "guardian"}
        return "delivery_check", asked | {"disbursement": record_id(child, version - 1)}
    return contact(version)


def contact(version: int) -> Life:
    if version % 4 == 1:
        return "home_visit", {"met": ["guardian", "child"], "living": "fair", "note": NOTE}
    if version % 4 == 2:
        parties = {"parties": ["child", "mother"], "initiated_by": "child", "minutes": 12}
        return "family_call", {"mode": "video", "connected": True} | parties
    return "talk", {"mood": "calm", "minutes": 15, "note": NOTE}


def opening(number: int, key: DataKey, place: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": seal(f"禾苗{number}", key, path="rec.name", **place),
        "birth_date": seal("2015-03-01", key, path="rec.birth_date", **place),
        "birth_year": 2015,
        "sex": ("female", "male")[number % 2],
        "population": ("left_behind", "in_difficulty", "both")[number % 3],
        "village": f"village-{number % 300}",
        "school": f"school-{number % 40}",
        "class_unit": f"class-{number % 400}",
        "grade": number % 6 + 1,
    }


def grant(day: date) -> dict[str, Any]:
    promised = {"scheme": "sponsorship", "amount_fen": 240_000, "rhythm": "yearly"}
    return promised | {"payer": "foundation", "starts_on": day}


def topic(slug: str) -> str:
    return catalogue().slug(slug).topic


def state(rec: dict[str, Any], whose: UUID, number: int, day: date) -> bytes:
    worker = Author(f"t-{number % 400}", "class_teacher", f"class-{number % 400}")
    env = Envelope(
        record_id=whose,
        occurred_on=day,
        recorded_by=worker,
        performed_by=worker,
        source="web",
    )
    return _encode({"env": env, "rec": rec})
