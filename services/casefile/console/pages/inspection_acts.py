"""What is done in an inspection, each as a form of its own: drawn, seen, found, answered, decided."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal, NamedTuple

from services.casefile.api.access import Action
from services.casefile.application.decision import Receipt
from services.casefile.application.inspecting import COUNTED, REACHED
from services.casefile.console.forms import flow
from services.casefile.console.forms.flow import Flow, Sending, unless
from services.casefile.console.forms.reading import Typed
from services.casefile.console.inspecting import InspectionPage
from services.casefile.console.page import Answer, Page
from services.casefile.console.pages.inspection_sheets import PAGE
from services.casefile.console.visit import Visit
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import under
from services.casefile.domain.families.examination import CallbackMade, RecordExamined
from services.casefile.domain.families.finding import (
    ExplanationGiven,
    FindingDecided,
    FindingRaised,
    OfFinding,
    RectificationRecorded,
)
from services.casefile.domain.families.inspection import (
    InspectionClosed,
    InspectionOpened,
    SampleDrawn,
)
from services.casefile.domain.inspection_refusals import InspectionNotFound
from services.casefile.domain.record import Record

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
    # What must not have moved on since the form was opened.
    sees: Literal["finding", "inspection"] | None = None
    draws: bool = False


ACTS = (
    Act("sample", SampleDrawn, "draw_sample", "", left_out=COUNTED, draws=True),
    Act("examination", RecordExamined, "examine", "/examination-sheet"),
    Act("callback", CallbackMade, "call_back", "/callback-sheet"),
    Act("finding", FindingRaised, "raise_finding", ""),
    Act("explanation", ExplanationGiven, "explain", "/findings/", "answer_finding"),
    Act("rectification", RectificationRecorded, "rectify", "/findings/", "answer_finding"),
    Act("decision", FindingDecided, "decide_finding", "/findings/", sees="finding"),
    Act("closure", InspectionClosed, "close_inspection", "", sees="inspection"),
)
OPENING = Act(
    "open", InspectionOpened, "open_inspection", "", left_out=(*REACHED, "known_at")
)  # fmt: skip


def ask(act: Act, visit: Visit) -> Answer:
    """The empty form; what the address says is filled in. Whom one may draw is read before it."""
    if act.draws and (elsewhere := InspectionPage(visit).population()):
        return elsewhere
    return flow.ask(visit, flow_of(act, visit), usual(visit, act))


def send(act: Act, visit: Visit) -> Answer:
    return flow.send(visit, flow_of(act, visit))


def flow_of(act: Act, visit: Visit) -> Flow:
    kind, is_opening = visit.desk.product.catalogue.of(act.kind), act is OPENING
    said = dict(visit.form or visit.query)
    about = {name: said.get(name, "").strip() for name in ABOUT}
    return Flow(
        kind=kind,
        title="Inspection",
        name=visit.labels.kind(kind.label),
        send=sending(visit, act, about["finding"]),
        done=lambda receipt: afterwards(visit, act, receipt, about),
        template="inspection_act.html",
        context={"hidden": about, "act": act.path},
        version=InspectionPage(visit).shown.version if act.sees else None,
        back="/inspections" if is_opening else InspectionPage(visit).address,
        left_out=(*act.left_out, "occurred_at", "performed_by"),
        given=[name for name, value in about.items() if value],
        gone=() if is_opening else (InspectionNotFound,),
    )


def usual(visit: Visit, act: Act) -> Typed:
    """The days of an inspection that begins now."""
    if act is not OPENING:
        return {}
    today, unit = str(visit.desk.today), visit.actor.author.unit
    days = {name: [today] for name in ("starts_on", "ends_on", "until", "as_of")}
    return days | {name: [unit] for name in ("unit", "ordered_by")}


def sending(visit: Visit, act: Act, finding: str) -> Sending:
    """Whoever decides has seen all that was said of the finding; what else was done is no matter."""
    command: Callable[..., Receipt] = getattr(visit.desk.product.casefile, act.command)
    if act is OPENING:
        return command
    send = partial(command, InspectionPage(visit).id)
    return unless(lambda entry: is_of(finding, entry), send) if act.sees == "finding" else send


def is_of(finding: str, entry: Entry) -> bool:
    return isinstance(entry.rec, OfFinding) and str(entry.rec.finding) == finding


def afterwards(visit: Visit, act: Act, receipt: Receipt, about: Mapping[str, str]) -> str:
    """Where what was done can be seen."""
    address = f"/inspections/{receipt.case_id}{act.then}"
    if act.then == "/findings/":
        return address + about["finding"]
    return f"{address}{on_the_sheet(visit, about['case'])}" if act.then else address


def on_the_sheet(visit: Visit, case: str) -> str:
    """The page of a sheet that a file is on."""
    facts = visit.desk.product.inspections.facts(InspectionPage(visit).id)
    place = list(under(facts, "sampled")).index(case)
    return f"?after={place - place % PAGE}#c{case}"


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
