"""A small invented world to run the product in: a county, a school, a village, four people."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.casefile.application.context import Actor, Context, Role
from services.casefile.composition import Parts, Secrets, build
from services.casefile.domain.envelope import Author
from tests.servers import Database

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SINCE = "2020-09-01"
UNITS = (
    ("county-1", "county", "禾苗县", None),
    ("town-1", "township", "青石镇", "county-1"),
    ("village-1", "village", "柳湾村", "town-1"),
    ("school-1", "school", "青石镇中心小学", "town-1"),
    ("school-2", "school", "柳湾小学", "town-1"),
    ("class-31", "class", "三(1)班", "school-1"),
)
STAFF = (
    ("t-101", "class_teacher", "class-31"),
    ("t-102", "class_teacher", "class-31"),
    ("d-201", "child_director", "village-1"),
    ("s-301", "child_supervisor", "town-1"),
)


def actor(role: Role = "teacher", staff: str = "t-101", post: str = "class_teacher") -> Actor:
    return Actor(role, Author(staff, post, "class-31"))


def context(**options: Any) -> Context:
    return Context(**({"actor": actor(), "source": "web"} | options))


def parts(database: Database, folder: Path, **options: Any) -> Parts:
    """The product, wired, at noon of 20 November 2026 in China."""
    secrets = Secrets(folder / "kek.json", folder / "index.key")
    secrets.create()
    return build(database.app, database.keyring_app, secrets, **({"clock": lambda: NOW} | options))


def settle(built: Parts) -> None:
    """Register the units and the staff."""
    operator = context(actor=actor("operator", "o-1", "operator"), source="system")
    for code, kind, name, parent in UNITS:
        body = {"occurred_on": SINCE, "code": code, "unit_kind": kind, "unit_name": name}
        body |= {"valid_from": SINCE} | ({"parent": parent} if parent else {})
        built.casefile.record_unit(code, "unit_registration", body, operator)
    for staff, role, unit in STAFF:
        body = {"occurred_on": SINCE, "staff": staff, "role": role, "unit": unit}
        built.casefile.record_staff(
            staff, "staff_registration", body | {"starts_on": SINCE}, operator
        )


def child(**fields: Any) -> dict[str, Any]:
    """An opening, as a client sends it."""
    return {
        "occurred_on": "2026-09-01",
        "late_reason": "学期初集中建档",
        "name": "禾苗甲",
        "sex": "female",
        "birth_date": "2015-03-01",
        "population": "left_behind",
        "village": "village-1",
        "school": "school-1",
        "class_unit": "class-31",
        "grade": 3,
    } | fields


def open_child(built: Parts, **fields: Any) -> UUID:
    return built.casefile.open_case(child(**fields), context()).case_id
