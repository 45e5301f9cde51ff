"""The first days of a file: who the child is, who looks after her, who is answerable."""

from datetime import date, timedelta
from typing import Any

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.children import Child
from services.casefile.demo.names import Names
from services.casefile.demo.planned import Script
from services.casefile.demo.recording import Diary

RELATIONS = {
    "grandparent": "paternal_grandmother",
    "parent_single": "mother",
    "relative_friend": "uncle_or_aunt",
}


def open_file(
    script: Script, child: Child, day: date, calendar: Calendar, diary: Diary, names: Names
) -> None:
    sitting = iter(range(0, 60, 3))

    def add(slug: str, **body: Any) -> None:
        script.add(slug, day, diary.soon(day, next(sitting)), child.worker, **body)

    add("opening", **_identity(child, calendar, day))
    add("worker", role=child.worker.role, staff=child.worker.staff, unit=child.worker.unit)
    if child.teacher is not None:
        add("worker", role="child_director", staff=child.director.staff, unit=child.village)
        add("boarding", boarding="boarding" if child.township.is_mountain else "day_pupil")
    _guardian(add, child, names)
    if child.is_left_behind:
        _absence(add, child, calendar)
    if child.is_poor:
        add("difficulty", categories=["family_poverty"])
    add("care_level", level=level_of(child))


def _identity(child: Child, calendar: Calendar, day: date) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": child.name,
        "sex": child.sex,
        "birth_date": child.born.isoformat(),
        "birth_year": child.born.year,
        "population": child.population,
        "village": child.village,
        "resident_id": child.resident_id,
        "found_by": "survey",
    }
    if child.teacher is not None:
        passed = sum(first > day for first in calendar.september_firsts())
        body |= {
            "school": child.township.school,
            "class_unit": child.class_unit,
            "grade": max(-3, (child.grade or 1) - passed),
            "school_register_no": child.register_no,
        }
    return body


def _guardian(add: Any, child: Child, names: Names) -> None:
    name, phone = names.grown(child.surname), names.phone()
    address = f"禾苗县{child.village}第{len(child.name)}组(虚构)"
    relation = RELATIONS[child.guardian]
    add("guardian", guardian_type=child.guardian, name=name, relation=relation, phone=phone)
    add(
        "contact_card", verified_with=["guardian"], outcome="first", home_address=address,
        guardian={"name": name, "relation": relation, "phone": phone, "address": address},
        father={"name": names.grown(child.surname), "phone": names.phone()},
    )  # fmt: skip


def _absence(add: Any, child: Child, calendar: Calendar) -> None:
    parents = ["father"] if child.guardian == "parent_single" else ["father", "mother"]
    since = calendar.start - timedelta(days=200 + len(child.name) * 31)
    add(
        "parent_absence",
        parents=parents,
        movement="away",
        away_since=since.isoformat(),
        work="construction",
    )


def level_of(child: Child) -> str:
    if child.guardian == "relative_friend":
        return "guardianship_intervention" if child.is_poor else "key"
    return "key" if child.is_poor and child.guardian == "grandparent" else "universal"
