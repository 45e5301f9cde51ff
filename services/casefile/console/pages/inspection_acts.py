"""What is done in an inspection, each as a form of its own: drawn, seen, found, answered, decided."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple
from uuid import uuid4

from services.casefile.api.access import Action
from services.casefile.application.decision import Receipt
from services.casefile.application.inspecting import COUNTED, REACHED
from services.casefile.console.forms.fields import Field, FormOfKind, form_of
from services.casefile.console.forms.filling import defaults, shown_form
from services.casefile.console.forms.flow import context_of
from services.casefile.console.forms.reading import Typed, Wrong, read_fields, refused, typed_in
from services.casefile.console.inspecting import InspectionPage
from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.pages.inspection_sheets import PAGE
from services.casefile.console.visit import Visit
from services.casefile.domain.facts import under
from services.casefile.domain.families.examination import CallbackMade, RecordExamined
from services.casefile.domain.families.finding import (
    ExplanationGiven,
    FindingDecided,
    FindingRaised,
    RectificationRecorded,
)
from services.casefile.domain.families.inspection import (
    InspectionClosed,
    InspectionOpened,
    SampleDrawn,
)
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import Invalid, Refused

ONE = "/inspections/{inspection_id}"
# What a link to a form says already.
ABOUT = ("case", "record", "finding")


class Act(NamedTuple):
    """One thing that is done: its address, its kind, its command, and where one is afterwards."""

    path: str
    kind: type[Record]
    command: str
    then: str
    action: Action = "inspect"
    left_out: tuple[str, ...] = ()


ACTS = (
    Act("sample", SampleDrawn, "draw_sample", "", left_out=COUNTED),
    Act("examination", RecordExamined, "examine", "/examination-sheet"),
    Act("callback", CallbackMade, "call_back", "/callback-sheet"),
    Act("finding", FindingRaised, "raise_finding", ""),
    Act("explanation", ExplanationGiven, "explain", "/findings/", "answer_finding"),
    Act("rectification", RectificationRecorded, "rectify", "/findings/", "answer_finding"),
    Act("decision", FindingDecided, "decide_finding", "/findings/"),
    Act("closure", InspectionClosed, "close_inspection", ""),
)
OPENING = Act(
    "open", InspectionOpened, "open_inspection", "", left_out=(*REACHED, "known_at")
)  # fmt: skip


def form_for(visit: Visit, act: Act) -> FormOfKind:
    form = form_of(visit.desk.product.catalogue.of(act.kind))
    left_out = (*act.left_out, "occurred_at", "performed_by")
    return FormOfKind(without(form.first, left_out), without(form.more, left_out))


def without(fields: Sequence[Field], names: Sequence[str]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.path.partition(".")[0] not in names)


def ask(act: Act, visit: Visit) -> Answer:
    """The empty form; what the address says is filled in, and the record id is made here."""
    typed = defaults(form_for(visit, act), visit.desk.today)
    typed |= usual(visit, act) | typed_in(visit.query)
    return page(visit, act, typed | {"record_id": [str(uuid4())]})


def usual(visit: Visit, act: Act) -> Typed:
    """The days of an inspection that begins now."""
    if act is not OPENING:
        return {}
    today, unit = str(visit.desk.today), visit.actor.author.unit
    days = {name: [today] for name in ("starts_on", "ends_on", "until", "as_of")}
    return days | {name: [unit] for name in ("unit", "ordered_by")}


def send(act: Act, visit: Visit) -> Answer:
    typed = typed_in(visit.form)
    read = read_fields(visit, form_for(visit, act).fields, typed)
    if read.wrong:
        return page(visit, act, typed, read.wrong)
    body = read.body | {"record_id": typed.get("record_id", [""])[0]}
    try:
        receipt = carried_out(visit, act, body)
    except (Invalid, Refused) as error:
        return page(visit, act, typed, [refused(visit, error)])
    return Redirect(afterwards(visit, act, receipt, typed))


def carried_out(visit: Visit, act: Act, body: dict[str, object]) -> Receipt:
    command: Callable[..., Receipt] = getattr(visit.desk.product.casefile, act.command)
    context = context_of(visit)
    return (
        command(body, context)
        if act is OPENING
        else command(InspectionPage(visit).id, body, context)
    )


def afterwards(visit: Visit, act: Act, receipt: Receipt, typed: Typed) -> str:
    """Where what was done can be seen."""
    address = f"/inspections/{receipt.case_id}{act.then}"
    if act.then == "/findings/":
        return address + typed.get("finding", [""])[0]
    case = typed.get("case", [""])[0]
    return f"{address}{on_the_sheet(visit, case)}" if act.then else address


def on_the_sheet(visit: Visit, case: str) -> str:
    """The page of a sheet that a file is on."""
    facts = visit.desk.product.inspections.facts(InspectionPage(visit).id)
    place = list(under(facts, "sampled")).index(case)
    return f"?after={place - place % PAGE}#c{case}"


def page(visit: Visit, act: Act, typed: Typed, wrong: Sequence[Wrong] = ()) -> Shown:
    form = form_for(visit, act)
    hidden = {name: typed.get(name, [""])[0] for name in ABOUT}
    given = [name for name, value in hidden.items() if value]
    form = FormOfKind(without(form.first, given), without(form.more, given))
    context = {
        "hidden": hidden,
        "act": act.path,
        "kind": visit.desk.product.catalogue.of(act.kind).slug,
        "form": shown_form(visit, form, typed, wrong),
        "record_id": typed.get("record_id", [""])[0],
        "back": "/inspections" if act is OPENING else InspectionPage(visit).address,
    }
    title = visit.desk.product.catalogue.of(act.kind).label
    return Shown(
        template="inspection_act.html", title="Inspection", name=visit.labels.kind(title),
        context=context, status=422 if wrong else 200,
    )  # fmt: skip


def pages() -> list[Page]:
    opening = Page(
        "/inspections/open", "inspect", partial(ask, OPENING), submit=partial(send, OPENING)
    )
    return [
        opening,
        *(
            Page(f"{ONE}/{act.path}", act.action, partial(ask, act), submit=partial(send, act))
            for act in ACTS
        ),
    ]
