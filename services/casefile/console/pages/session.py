"""A session with a whole class or village: one form, and everybody who was there is ticked off."""

from typing import Any
from uuid import UUID

from services.casefile.api.asked import Asked
from services.casefile.api.listing import Text
from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt
from services.casefile.console.forms import flow
from services.casefile.console.forms.flow import Body, Flow, first
from services.casefile.console.forms.nearby import units_around
from services.casefile.console.forms.reading import Typed, typed_in
from services.casefile.console.page import Answer, Page, PageNotFound, Shown
from services.casefile.console.thing_files import PLACES, children, thing
from services.casefile.console.visit import Visit
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.group import GroupSessionHeld
from services.casefile.history.rows import row
from services.casefile.readmodels.pages import LONGEST, Cursor
from services.casefile.readmodels.roster import Roster, RosterFilter, RosterRow

MOST = 600
PRESENT, LISTED, TICK = "present", "listed", "tick"
GUARDIANS_OF = "guardians_of"
CHILDREN = (PRESENT, "absent", GUARDIANS_OF)


class AskedSession(Asked):
    """Of which unit the children are listed; your own, if you do not say."""

    unit: Text | None = None


def ask(visit: Visit) -> Answer:
    """Everybody is ticked: those who were missing are fewer."""
    unit = visit.asked(AskedSession).unit or visit.actor.author.unit
    children = children_of(visit, unit)
    return flow.ask(visit, flow_of(visit, unit, children, ids(children)))


def send(visit: Visit) -> Answer:
    typed = typed_in(visit.form)
    unit = first(typed, "unit")
    children = children_of(visit, unit)
    if tick := first(typed, TICK):
        ticked = ids(children) if tick == "all" else set()
        return flow.page(visit, flow_of(visit, unit, children, ticked), typed)
    return flow.send(visit, flow_of(visit, unit, children, set(typed.get(PRESENT, [])), typed))


def flow_of(
    visit: Visit,
    unit: str,
    children: list[RosterRow],
    ticked: set[str],
    typed: Typed | None = None,
) -> Flow:
    casefile, listed = visit.desk.product.casefile, (typed or {}).get(LISTED, [])
    whose = set((typed or {}).get(GUARDIANS_OF, []))

    def held(body: Body, context: Context) -> Receipt:
        came = {PRESENT: [c for c in listed if c in ticked]}
        absent = {"absent": [c for c in listed if c not in ticked]}
        guardians = {GUARDIANS_OF: [c for c in listed if c in whose]}
        return casefile.hold_group_session(
            body | came | absent | guardians | {"unit": unit, "roll_called": True}, context
        )

    return Flow(
        kind=visit.desk.product.catalogue.of(GroupSessionHeld),
        title="Group session",
        send=held,
        done=lambda receipt: f"/sessions/{receipt.case_id}",
        template="session.html",
        context=around(visit, unit, children, ticked) | {"whose": whose},
        extra=(PRESENT, LISTED, GUARDIANS_OF, "unit"),
    )


def around(visit: Visit, unit: str, children: list[RosterRow], ticked: set[str]) -> dict[str, Any]:
    """With their names: whoever ticks them off has them in front of her."""
    visit.must("read_roster")
    visit.must("read_case")
    return {
        "unit": unit,
        "units": units_around(visit),
        "children": visit.desk.names.shown(children[:MOST]),
        "present": ticked,
        "most": MOST,
    }


def children_of(visit: Visit, unit: str) -> list[RosterRow]:
    """The open files of a unit with all below it; one more than fit says that there are more."""
    roster, asked = Roster(visit.desk.pool), RosterFilter(township=unit, status="open")
    found: list[RosterRow] = []
    place: Cursor | None = None
    while len(found) <= MOST:
        page = roster.page(asked, place, LONGEST)
        found += page.rows
        if (place := page.next) is None:
            break
    return found


def ids(children: list[RosterRow]) -> set[str]:
    return {str(child.case_id) for child in children}


def show(visit: Visit) -> Answer:
    """The session as it was recorded, with the children who came."""
    session, history = visit.id("session_id"), visit.desk.product.history
    entries = history.entries(session)
    entry = next((e for e in entries if isinstance(e.rec, GroupSessionHeld)), None)
    if entry is None:
        raise PageNotFound
    told = row(entry, history.disclosure(session, entries))
    came, missing, whose = children_in(entry)
    rows = visit.desk.names.shown(Roster(visit.desk.pool).of([*came, *missing, *whose]))
    context: dict[str, Any] = {
        "row": told,
        "own": {n: v for n, v in told["fields"].items() if n not in CHILDREN},
        "came": came,
        "missing": missing,
        "whose": whose,
        "names": {child.case_id: child.name for child in rows},
    }
    report = thing(
        visit, "session", "Group session",
        {name: told.get(name) for name in PLACES} | context["own"],
        children("children", "Children", dict(zip(CHILDREN, (came, missing, whose), strict=True))),
    )  # fmt: skip
    return Shown(
        template="session_held.html", title="Group session", context=context, report=report
    )


def children_in(entry: Entry) -> tuple[tuple[UUID, ...], ...]:
    """Who came, who was missing, and whose guardians came."""
    assert isinstance(entry.rec, GroupSessionHeld)
    return tuple(getattr(entry.rec, name) for name in CHILDREN)


def pages() -> list[Page]:
    return [
        Page("/session", "hold_group_session", ask, label="Group session", submit=send),
        Page("/sessions/{session_id}", "read_case", show, files=True),
    ]
