"""One way through every form: shown empty, sent, shown again with what is wrong, or done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt, VersionMoved
from services.casefile.console.forms.fields import form_of
from services.casefile.console.forms.filling import defaults, shown_form
from services.casefile.console.forms.reading import Typed, Wrong, read_fields, refused, typed_in
from services.casefile.console.page import Answer, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.refusals import Absent, Invalid, Refused

Options = Mapping[str, list[tuple[str, str]]]
Body = dict[str, Any]


@dataclass(frozen=True)
class Flow:
    """What one form is for. `version`: of the stream, as whoever fills it in has seen it."""

    kind: Kind
    title: str
    send: Callable[[Body, Context], Receipt]
    done: Callable[[Receipt], str]
    template: str = "recording.html"
    context: Mapping[str, Any] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    version: int | None = None
    back: str = "/"


def ask(visit: Visit, flow: Flow) -> Answer:
    """The empty form. Its record id is made here: sent twice, it is one record."""
    typed = defaults(form_of(flow.kind), visit.desk.today) | {"record_id": [str(uuid4())]}
    return page(visit, flow, typed | typed_in(visit.query))


def send(visit: Visit, flow: Flow) -> Answer:
    typed = typed_in(visit.form)
    read = read_fields(visit, form_of(flow.kind).fields, typed)
    if read.wrong:
        return page(visit, flow, typed, read.wrong)
    body = read.body | {"record_id": first(typed, "record_id")}
    try:
        receipt = flow.send(body, context_of(visit, typed if flow.version is not None else {}))
    except (Invalid, Refused, Absent, VersionMoved) as error:
        return page(visit, flow, typed, [refused(visit, error)])
    return Redirect(flow.done(receipt))


def page(visit: Visit, flow: Flow, typed: Typed, wrong: Sequence[Wrong] = ()) -> Shown:
    context = {
        "kind": flow.kind.slug,
        "form": shown_form(visit, form_of(flow.kind), typed, wrong, flow.options),
        "record_id": first(typed, "record_id"),
        "version": flow.version,
        "back": flow.back,
        **flow.context,
    }
    status = 422 if wrong else 200
    return Shown(template=flow.template, title=flow.title, context=context, status=status)


def context_of(visit: Visit, typed: Typed | None = None) -> Context:
    """With the version that was seen, where the form carries one."""
    version = first(typed or {}, "version")
    return Context(
        actor=visit.actor,
        source="web",
        expected=int(version) if version.isdigit() else None,
        correlation=visit.exchange.request_id,
    )


def first(typed: Typed, name: str) -> str:
    return typed.get(name, [""])[0].strip()
