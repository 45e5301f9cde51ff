"""A session with a whole class or village: one form, and everybody who was there is ticked off."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from services.casefile.api.asked import Asked
from services.casefile.api.listing import Text
from services.casefile.console.forms.fields import FormOfKind, form_of
from services.casefile.console.forms.filling import defaults, shown_form
from services.casefile.console.forms.flow import context_of
from services.casefile.console.forms.reading import Typed, Wrong, read_fields, refused, typed_in
from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.families.group import GroupSessionHeld
from services.casefile.domain.refusals import CaseNotFound, Invalid, Refused
from services.casefile.readmodels.roster import Roster, RosterFilter

MOST = 200
MODELS = ("roster",)


class AskedSession(Asked):
    """Of which unit the children are listed; your own, if you do not say."""

    unit: Text | None = None
    done: int | None = None


def form(visit: Visit) -> FormOfKind:
    made = form_of(visit.desk.product.catalogue.of(GroupSessionHeld))
    mine = [tuple(f for f in fields if f.path != "unit") for fields in (made.first, made.more)]
    return FormOfKind(*mine)


def ask(visit: Visit) -> Answer:
    asked = visit.asked(AskedSession)
    typed = defaults(form(visit), visit.desk.today) | {"record_id": [str(uuid4())]}
    unit = asked.unit or visit.actor.author.unit
    children = [str(row.case_id) for row in children_of(visit, unit)]
    return page(visit, unit, typed | {"present": children}, done=asked.done)


def send(visit: Visit) -> Answer:
    typed = typed_in(visit.form)
    unit = typed.get("unit", [""])[0]
    read = read_fields(visit, form(visit).fields, typed)
    if read.wrong:
        return page(visit, unit, typed, read.wrong)
    present = typed.get("present", [])
    absent = [c for c in typed.get("listed", []) if c not in present]
    body: dict[str, Any] = read.body | {
        "record_id": typed.get("record_id", [""])[0],
        "unit": unit,
        "present": present,
        "absent": absent,
        "roll_called": True,
    }
    try:
        visit.desk.product.casefile.hold_group_session(body, context_of(visit))
    except (Invalid, Refused, CaseNotFound) as error:
        return page(visit, unit, typed, [refused(visit, error)])
    return Redirect(visit.link("/session", unit=unit, done=len(present)))


def children_of(visit: Visit, unit: str) -> list[Any]:
    """With their names: whoever ticks them off has them in front of her."""
    asked = RosterFilter(township=unit, status="open")
    rows = Roster(visit.desk.pool).page(asked, limit=MOST).rows
    return visit.desk.names.shown(rows)


def page(
    visit: Visit, unit: str, typed: Typed, wrong: Sequence[Wrong] = (), done: int | None = None
) -> Shown:
    context = {
        "unit": unit,
        "form": shown_form(visit, form(visit), typed, wrong),
        "children": children_of(visit, unit),
        "present": typed.get("present", []),
        "record_id": typed.get("record_id", [""])[0],
        "most": MOST,
        "done": done,
    }
    status = 422 if wrong else 200
    return Shown(
        template="session.html", title="Group session", context=context, status=status,
        models=MODELS,
    )  # fmt: skip


def pages() -> list[Page]:
    return [Page("/session", "hold_group_session", ask, label="Group session", submit=send)]
