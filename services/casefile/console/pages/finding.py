"""Finding one child: by case number in the address, by name or official number in a form."""

from typing import Any
from uuid import UUID

from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.identifiers import normal_name
from services.casefile.domain.refusals import CaseNotFound, Invalid
from services.casefile.readmodels.roster import Roster, RosterRow

ENDING = 8
MOST = 200


def by_number(visit: Visit) -> Answer:
    """A whole case number, or its last eight digits as lists show them."""
    text = visit.value("case").strip().lower().lstrip("…").replace(" ", "")
    if not text:
        return Shown(template="finding.html", title="Find a child", context=nothing())
    found = cases_of(visit, text)
    if len(found) == 1:
        return Redirect(f"/cases/{found[0]}")
    if not found:
        raise CaseNotFound
    rows = Roster(visit.desk.pool).of(found)
    return results(visit, rows, found)


def cases_of(visit: Visit, text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        if len(text) < ENDING or not set(text) <= set("0123456789abcdef-"):
            raise CaseNotFound from None
        return Roster(visit.desk.pool).ending(text)


def by_name(visit: Visit) -> Answer:
    """A name is in the form and not in the address, for addresses are written down everywhere."""
    form = {name: value.strip() for name, value in visit.form}
    roster, product = Roster(visit.desk.pool), visit.desk.product
    if name := form.get("name", ""):
        digest = product.index.digest("name", normal_name(name))
        rows = roster.named(digest, limit=MOST).rows
        return results(visit, rows, [row.case_id for row in rows])
    number = form.get("number", "")
    if not number:
        return Shown(template="finding.html", title="Find a child", context=nothing("empty"))
    try:
        case_id = product.identities.case_of(*numbers(number))
    except Invalid:
        case_id = None
    rows = roster.of([case_id]) if case_id else []
    return results(visit, rows, [case_id] if case_id else [])


def numbers(number: str) -> tuple[str | None, str | None]:
    """A resident ID has eighteen digits; anything else is a number of the school register."""
    return (number, None) if len(number) == 18 else (None, number)


def results(visit: Visit, rows: list[RosterRow], case_ids: list[UUID]) -> Shown:
    shown = visit.desk.names.shown(rows)
    listed = {row.case_id for row in shown}
    context = {"rows": shown, "others": [c for c in case_ids if c not in listed], "asked": "done"}
    return Shown(template="finding.html", title="Find a child", context=context)


def nothing(asked: str = "") -> dict[str, Any]:
    return {"rows": [], "others": [], "asked": asked}


def pages() -> list[Page]:
    return [
        Page("/find", "read_case", by_number, submit=by_name, submit_action="look_up"),
    ]
