"""What a text field proposes: the units and the members of staff around whoever fills it in."""

from collections.abc import Iterable
from typing import Any

from services.casefile.console.forms.fields import Field
from services.casefile.console.visit import Visit
from services.casefile.readmodels.pages import fetch

Pairs = list[tuple[str, str]]
MOST = 200
# The units above, and what lies below the nearest township, or else below the unit itself.
AROUND = """WITH RECURSIVE above AS (
    SELECT code, parent, kind, 0 AS height FROM readmodels.units WHERE code = %s
    UNION ALL SELECT u.code, u.parent, u.kind, a.height + 1
    FROM readmodels.units u JOIN above a ON u.code = a.parent WHERE a.height < 9
), top AS (
    SELECT code FROM above ORDER BY kind <> 'township', height LIMIT 1
), below AS (
    SELECT code FROM top
    UNION SELECT u.code FROM readmodels.units u JOIN below b ON u.parent = b.code
)
SELECT code, name FROM readmodels.units
WHERE closed_from IS NULL AND code IN (SELECT code FROM below UNION SELECT code FROM above)
ORDER BY sort_key, code LIMIT %s"""
STAFF = """SELECT staff, min(role) FROM readmodels.staff
WHERE unit = ANY(%s) AND (ends_on IS NULL OR ends_on >= %s) GROUP BY staff ORDER BY staff LIMIT %s"""
NAMED = {"unit": "@unit", "staff": "@staff"}


def lists_for(visit: Visit, fields: Iterable[Field]) -> dict[str, Pairs]:
    """One list of units and one of staff, for a form that asks for such."""
    wanted = {field.refers_to for field in fields}
    if not wanted & NAMED.keys():
        return {}
    units = units_around(visit)
    found = {NAMED["unit"]: units} if "unit" in wanted else {}
    return found | ({NAMED["staff"]: staff_of(visit, units)} if "staff" in wanted else {})


def units_around(visit: Visit) -> Pairs:
    asked = [visit.actor.author.unit, MOST]
    return fetch(visit.desk.pool, AROUND, asked, lambda code, name: (code, name))


def staff_of(visit: Visit, units: Pairs) -> Pairs:
    """Their ids and posts; what they are called is in the directory only."""
    asked: list[Any] = [[code for code, _ in units], visit.desk.today, MOST]
    labels = visit.labels
    return fetch(
        visit.desk.pool, STAFF, asked, lambda staff, role: (staff, labels.code("role", role))
    )
