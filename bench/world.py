"""An invented child or many, on a measured server, through the product's own commands."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.casefile.application.context import Actor, Context
from services.casefile.composition import Parts, Secrets, build
from services.casefile.domain.envelope import Author
from services.casefile.embedded import Provisioned

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
OPERATOR = Context(actor=Actor("operator", Author("o-1", "operator", "county-1")), source="system")
TEACHER = Context(
    actor=Actor("teacher", Author("t-101", "class_teacher", "school-1")), source="api"
)
SCHOOL = {
    "occurred_on": "2020-09-01",
    "code": "school-1",
    "unit_name": "量尺小学",
    "unit_kind": "county",
    "valid_from": "2020-09-01",
}
CHILD = {
    "occurred_on": "2026-11-15",
    "name": "禾苗甲",
    "sex": "female",
    "birth_date": "2015-03-01",
    "population": "left_behind",
    "school": "school-1",
}
TALK: dict[str, Any] = {
    "occurred_on": "2026-11-18",
    "mood": "calm",
    "place": "school",
    "minutes": 20,
    "note": "谈到期中考试的成绩、同桌、周末打算,以及什么时候能和父母通电话。" * 2,
}


def wired(owned: Provisioned, folder: Path) -> Parts:
    secrets = Secrets(folder / "kek.json", folder / "index.key")
    secrets.create()
    parts = build(owned.app, owned.keyring_app, secrets, clock=lambda: NOW)
    parts.casefile.record_unit("school-1", "unit_registration", SCHOOL, OPERATOR)
    return parts


def children(parts: Parts, count: int) -> list[UUID]:
    """Cases that have their keys already, as a child has after her first week."""
    cases = [parts.casefile.open_case(CHILD, TEACHER).case_id for _ in range(count)]
    for case_id in cases:
        parts.casefile.record(case_id, "talk", TALK, TEACHER)
    return cases
