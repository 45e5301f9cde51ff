"""Recording: choose a kind, fill in its form; what is wrong stays beside its field, nothing is lost."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from services.casefile.api.asked import AskedMoment
from services.casefile.api.kinds import is_declared
from services.casefile.application.context import Context
from services.casefile.console.child_file import ChildFile
from services.casefile.console.forms.fields import FormOfKind, form_of
from services.casefile.console.forms.filling import defaults, shown_form
from services.casefile.console.forms.reading import Typed, Wrong, read_fields, refused, typed_in
from services.casefile.console.page import Answer, Page, PageNotFound, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.refusals import Invalid, Refused

OFTEN = ("talk", "home_visit", "home_visit_attempt", "family_call", "guardian_contact")
MOVES = ("transfer", "handover", "closure", "reopening")
MOST_OPTIONS = 100


def choose(visit: Visit) -> Answer:
    """All kinds a child's file takes, the daily ones first."""
    file = ChildFile(visit, AskedMoment())
    families: dict[str, list[str]] = {}
    for kind in recordable(visit):
        families.setdefault(kind.family, []).append(kind.slug)
    context = file.context("") | {"often": OFTEN, "families": families}
    return Shown(template="recording_choose.html", title="Record", context=context)


def recordable(visit: Visit) -> Iterator[Kind]:
    for kind in visit.desk.product.catalogue:
        if kind.stream == "case" and kind.declared.recordable and not is_declared(kind):
            yield kind


def ask(visit: Visit) -> Answer:
    """The empty form. Its record id is made here: sent twice, it is one record."""
    kind = kind_of(visit)
    typed = defaults(form_of(kind), visit.desk.today) | {"record_id": [str(uuid4())]}
    typed |= typed_in(visit.query)
    return form_page(visit, kind, typed)


def send(visit: Visit) -> Answer:
    kind, typed = kind_of(visit), typed_in(visit.form)
    visit.must("move_case" if kind.slug in MOVES else "record")
    read = read_fields(visit, form_of(kind).fields, typed)
    if read.wrong:
        return form_page(visit, kind, typed, read.wrong)
    body = read.body | {"record_id": typed.get("record_id", [""])[0]}
    expected = int(version) if (version := typed.get("version", [""])[0]).isdigit() else None
    try:
        receipt = visit.desk.product.casefile.record(
            visit.case_id, kind.slug, body, context_of(visit, kind, expected)
        )
    except (Invalid, Refused) as error:
        return form_page(visit, kind, typed, [refused(visit, error)])
    return Redirect(f"/cases/{visit.case_id}/records/{receipt.record_id}?done=recorded")


def context_of(visit: Visit, kind: Kind | None = None, expected: int | None = None) -> Context:
    """Only what does not commute with other commands needs the version that was seen."""
    is_exclusive = kind is not None and kind.declared.exclusive
    return Context(
        actor=visit.actor,
        source="web",
        expected=expected if is_exclusive else None,
        correlation=visit.exchange.request_id,
    )


def form_page(visit: Visit, kind: Kind, typed: Typed, wrong: Sequence[Wrong] = ()) -> Shown:
    file = ChildFile(visit, AskedMoment())
    form = form_of(kind)
    context = file.context("") | {
        "kind": kind.slug,
        "form": shown_form(visit, form, typed, wrong, options_of(file, form)),
        "record_id": typed.get("record_id", [""])[0],
        "version": file.view.version if file.view else 0,
    }
    status = 422 if wrong else 200
    return Shown(template="recording.html", title="Record", context=context, status=status)


def options_of(file: ChildFile, form: FormOfKind) -> dict[str, list[tuple[str, str]]]:
    """The records of this file that a field may point at, newest first."""
    words = {kind.slug: kind.label for kind in file.visit.desk.product.catalogue}
    entries = sorted(file.view.entries if file.view else (), key=lambda e: -e.version)
    people = [e for e in entries if e.kind.slug != "keys" and e.env.source != "system"]
    found = {}
    for field in form.fields:
        if field.column.form == "id":
            wanted = field.column.field.removeprefix("target_")
            fitting = [e for e in people if wanted in e.kind.slug] or people
            found[field.path] = [
                (str(e.env.record_id), label(file.visit, words[e.kind.slug], e))
                for e in fitting[:MOST_OPTIONS]
            ]
    return found


def label(visit: Visit, kind: str, entry: Any) -> str:
    return f"{visit.labels.kind(kind)} #{entry.version} {entry.env.occurred_on}"


def kind_of(visit: Visit) -> Kind:
    catalogue = visit.desk.product.catalogue
    kind = catalogue.by_slug.get(visit.params["kind"])
    if kind is None or kind not in recordable(visit):
        raise PageNotFound
    return kind


def pages() -> list[Page]:
    new = "/cases/{case_id}/new"
    return [
        Page(new, "record", choose),
        Page(f"{new}/{{kind}}", "record", ask, submit=send, submit_action="record"),
    ]
