"""One way through every form: shown empty, sent, shown again with what is wrong, or done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

import msgspec

from services.casefile.api.errors import status_of
from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt, VersionMoved
from services.casefile.console.forms.fields import FormOfKind, form_of
from services.casefile.console.forms.filling import defaults, shown_form
from services.casefile.console.forms.lines import compacted, grown, lines_in
from services.casefile.console.forms.nearby import lists_for
from services.casefile.console.forms.reading import (
    Typed,
    Wrong,
    read_fields,
    refused,
    said_of_a_form,
    typed_in,
)
from services.casefile.console.page import Answer, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.entry import Entry
from services.casefile.domain.refusals import Absent, CasefileError

Options = Mapping[str, list[tuple[str, str]]]
Body = dict[str, Any]
Sending = Callable[[Body, Context], Receipt]
# With these the form is shown again; anything else is a page of its own.
ANSWERED = (404, 409, 412, 422, 503)
MORE = "more"
_json = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True)
class Flow:
    """What one form is for. `version`: of the stream, as whoever fills it in has seen it.

    `left_out` is not asked; `given` is known already, and carried along. What is `gone` is said on a
    page of its own: there is nothing left to fill in a form for.
    """

    kind: Kind
    title: str
    send: Sending
    done: Callable[[Receipt], str]
    template: str = "recording.html"
    context: Mapping[str, Any] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    version: int | None = None
    back: str = "/"
    extra: Sequence[str] = ()
    name: str = ""
    left_out: Sequence[str] = ()
    given: Sequence[str] = ()
    gone: tuple[type[Absent], ...] = (Absent,)

    @property
    def form(self) -> FormOfKind:
        """What the form sends."""
        return form_of(self.kind).without(self.left_out)

    @property
    def asked(self) -> FormOfKind:
        """What of it is to be filled in."""
        return self.form.without(self.given)


def ask(visit: Visit, flow: Flow, usual: Typed | None = None) -> Answer:
    """The empty form: today, by whoever asks. Its record id is made here, for sending it twice."""
    me = {"performed_by": [visit.actor.author.staff]}
    typed = defaults(flow.form, visit.desk.today) | me | (usual or {})
    return page(visit, flow, typed | {"record_id": [str(uuid4())]} | typed_in(visit.query))


def send(visit: Visit, flow: Flow) -> Answer:
    typed = typed_in(visit.form)
    if (seen := version_in(typed)) is not None:
        # Shown again for whatever reason, it is still the form of somebody who saw that version.
        flow = replace(flow, version=seen)
    if (line := first(typed, MORE)) != "":
        return page(visit, flow, grown(typed, line, flow.form.fields))
    typed = compacted(typed, flow.form.fields)
    read = read_fields(visit, flow.form.fields, typed)
    if read.wrong:
        return page(visit, flow, typed, read.wrong)
    body = msgspec.to_builtins(read.body) | {"record_id": first(typed, "record_id")}
    try:
        receipt = flow.send(
            body, context_of(visit, typed, body | {n: typed.get(n, []) for n in flow.extra})
        )
    except CasefileError as error:
        return shown_again(visit, flow, typed, error)
    return Redirect(flow.done(receipt))


def shown_again(visit: Visit, flow: Flow, typed: Typed, error: CasefileError) -> Answer:
    """A file that has moved on is shown as it is now; sending again is a decision then."""
    status = status_of(said_of_a_form(error))
    if status not in ANSWERED or isinstance(error, flow.gone):
        raise error
    if isinstance(error, VersionMoved):
        flow = replace(flow, version=error.current)
    return page(visit, flow, typed, [refused(visit, error)], status)


def page(
    visit: Visit, flow: Flow, typed: Typed, wrong: Sequence[Wrong] = (), status: int = 422
) -> Shown:
    form = shown_form(
        visit,
        flow.asked,
        typed,
        wrong,
        {**lists_for(visit, flow.asked.fields), **flow.options},
        lines=lines_in(typed, flow.asked.fields),
    )
    context = {
        "kind": flow.kind.slug,
        "form": form,
        "record_id": first(typed, "record_id"),
        "version": flow.version,
        "back": flow.back,
        **flow.context,
    }
    return Shown(
        template=flow.template,
        title=flow.title,
        name=flow.name,
        context=context,
        status=status if wrong else 200,
    )


def context_of(visit: Visit, typed: Typed | None = None, body: Body | None = None) -> Context:
    """With the version that was seen, where the form carries one.

    The record's id is the key: the same form sent twice is one record and one answer, even where
    the first has moved the file on.
    """
    author, seen = visit.actor.author, typed or {}
    key = b""
    if body is not None:
        # Whatever else the form carries, such as who was there, is part of what was sent.
        scope = (visit.actor.role, author.staff, visit.path, str(body.get("record_id", "")))
        key = sha256("\0".join(("console", *scope)).encode()).digest()
    return Context(
        actor=visit.actor,
        source="web",
        claim_key=key or None,
        fingerprint=sha256(_json(body) + b"\0" + first(seen, "version").encode()).digest()
        if key
        else b"",
        expected=version_in(seen),
        correlation=visit.exchange.request_id,
    )


def version_in(typed: Typed) -> int | None:
    version = first(typed, "version")
    return int(version) if version.isdecimal() and len(version) < 19 else None


def unless(is_about: Callable[[Entry], bool], send: Sending) -> Sending:
    """Refuses only what is outdated by such an entry: others may work on the stream meanwhile."""

    def sent(body: Body, context: Context) -> Receipt:
        try:
            return send(body, context)
        except VersionMoved as moved:
            moved.since = [entry for entry in moved.since if is_about(entry)]
            if moved.since:
                raise
            return sent(body, msgspec.structs.replace(context, expected=moved.current))

    return sent


def first(typed: Typed, name: str) -> str:
    return typed.get(name, [""])[0].strip()
