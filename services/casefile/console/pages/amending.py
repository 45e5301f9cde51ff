"""Correcting and annulling: a new record that points at the old one, which stays visible."""

from typing import Any
from uuid import uuid4

import msgspec

from services.casefile.api.asked import AskedMoment
from services.casefile.application.context import Context
from services.casefile.application.decision import VersionMoved
from services.casefile.console.child_file import ChildFile, whole
from services.casefile.console.forms.fields import FormOfKind, form_of, simple
from services.casefile.console.forms.filling import flattened, shown_form
from services.casefile.console.forms.reading import Typed, Wrong, read_fields, refused, typed_in
from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.correction import EntryAnnulled
from services.casefile.domain.refusals import Invalid, RecordNotFound, Refused
from services.casefile.importing.rows import nest

STAYS = ("late_reason",)


class Target:
    """The record that is to be put right, as it reads now."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.file = ChildFile(visit, AskedMoment())
        record_id = visit.id("record_id")
        entries = self.file.view.entries if self.file.view else ()
        found = next((e for e in entries if e.env.record_id == record_id), None)
        if found is None or self.file.view is None:
            raise RecordNotFound
        self.entry: Entry = found
        self.shown = whole(found, self.file.view.disclosure)
        self.address = f"/cases/{self.file.case_id}/records/{record_id}"

    @property
    def kind(self) -> Kind:
        return self.entry.kind

    @property
    def form(self) -> FormOfKind:
        """Every field that has one value; groups are put right by annulling and recording anew."""
        form = form_of(self.kind)
        first = simple([f for f in form.fields if f.path not in STAYS])
        return FormOfKind(first, ())

    @property
    def typed(self) -> Typed:
        """What the form would hold if it had been filled in like this."""
        env = {name: self.shown[name] for name in ("occurred_on", "occurred_at")}
        by = self.shown["performed_by"]
        env |= {"performed_by": by["staff"] if by else None}
        return flattened(env | self.shown["fields"])


def ask_correction(visit: Visit) -> Answer:
    target = Target(visit)
    return correction_page(target, target.typed | {"record_id": [str(uuid4())]})


def send_correction(visit: Visit) -> Answer:
    target, typed = Target(visit), typed_in(visit.form)
    read = read_fields(visit, target.form.fields, typed)
    reason = typed.get("reason", [""])[0].strip()
    wrong = [*read.wrong, *missing_reason(visit, reason)]
    if wrong:
        return correction_page(target, typed, wrong)
    body = {
        "record_id": typed.get("record_id", [""])[0],
        "target": str(target.entry.env.record_id),
        "changes": changes(target, read.values),
        "reason": reason,
    }
    try:
        visit.desk.product.casefile.correct(target.file.case_id, body, context_of(visit, typed))
    except (Invalid, Refused, VersionMoved) as error:
        return correction_page(target, typed, [refused(visit, error)])
    return Redirect(f"{target.address}?done=corrected")


def changes(target: Target, values: dict[str, Any]) -> dict[str, Any]:
    """The fields that read differently now; a field that was emptied is taken away."""
    fields = target.form.fields
    before = read_fields(target.visit, fields, target.typed).values
    changed = {path for path in before.keys() | values.keys() if differs(before, values, path)}
    tops = {path.partition(".")[0] for path in changed}
    nested = nest({p: v for p, v in values.items() if p.partition(".")[0] in tops})
    return {top: msgspec.to_builtins(nested.get(top)) for top in sorted(tops)}


def differs(before: dict[str, Any], after: dict[str, Any], path: str) -> bool:
    return bool(before.get(path) != after.get(path))


def ask_annulment(visit: Visit) -> Answer:
    return annulment_page(Target(visit), {"record_id": [str(uuid4())]})


def send_annulment(visit: Visit) -> Answer:
    target, typed = Target(visit), typed_in(visit.form)
    wrong = missing_reason(visit, typed.get("reason", [""])[0].strip())
    if wrong:
        return annulment_page(target, typed, wrong)
    body = {name: typed.get(name, [""])[0] for name in ("record_id", "ground", "reason")}
    body |= {"target": str(target.entry.env.record_id)}
    try:
        visit.desk.product.casefile.annul(target.file.case_id, body, context_of(visit, typed))
    except (Invalid, Refused, VersionMoved) as error:
        return annulment_page(target, typed, [refused(visit, error)])
    return Redirect(f"{target.address}?done=annulled")


def missing_reason(visit: Visit, reason: str) -> list[Wrong]:
    if reason:
        return []
    text = visit.labels.text
    return [Wrong("reason", text("It has to be filled in."), text("Fill in this field."))]


def context_of(visit: Visit, typed: Typed) -> Context:
    """With the version that was seen: whoever puts something right has to know the file as it is."""
    version = typed.get("version", [""])[0]
    return Context(
        actor=visit.actor,
        source="web",
        expected=int(version) if version.isdigit() else None,
        correlation=visit.exchange.request_id,
    )


def correction_page(target: Target, typed: Typed, wrong: list[Wrong] | None = None) -> Shown:
    return page(target, typed, wrong or [], "correcting.html", "Correct a record", target.form)


def annulment_page(target: Target, typed: Typed, wrong: list[Wrong] | None = None) -> Shown:
    form = form_of(target.visit.desk.product.catalogue.of(EntryAnnulled))
    own = tuple(f for f in form.fields if f.path in ("ground", "reason"))
    return page(target, typed, wrong or [], "annulling.html", "Annul a record", FormOfKind(own, ()))


def page(
    target: Target, typed: Typed, wrong: list[Wrong], template: str, title: str, form: FormOfKind
) -> Shown:
    version = target.file.view.version if target.file.view else 0
    context = target.file.context("/timeline") | {
        "row": target.shown,
        "address": target.address,
        "form": shown_form(target.visit, form, typed, wrong),
        "typed": {name: values[0] for name, values in typed.items() if values},
        "reason_wrong": next((w for w in wrong if w.path == "reason"), None),
        "version": typed.get("version", [str(version)])[0] if not wrong else str(version),
    }
    return Shown(template=template, title=title, context=context, status=422 if wrong else 200)


def pages() -> list[Page]:
    record = "/cases/{case_id}/records/{record_id}"
    return [
        Page(f"{record}/correct", "amend", ask_correction, submit=send_correction),
        Page(f"{record}/annul", "amend", ask_annulment, submit=send_annulment),
    ]
