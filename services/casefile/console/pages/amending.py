"""Correcting and annulling: a new record that points at the old one, which stays visible."""

from typing import Any
from uuid import uuid4

import msgspec

from services.casefile.api.asked import AskedMoment
from services.casefile.api.errors import status_of
from services.casefile.application.decision import VersionMoved
from services.casefile.console.child_file import ChildFile, whole
from services.casefile.console.forms.fields import FormOfKind, form_of, top
from services.casefile.console.forms.filling import as_typed, shown_form
from services.casefile.console.forms.flow import ANSWERED, MORE, context_of, first
from services.casefile.console.forms.lines import compacted, grown, lines_in, list_of
from services.casefile.console.forms.nearby import lists_for
from services.casefile.console.forms.reading import Typed, Wrong, read_fields, refused, typed_in
from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.pages.recording import options_of
from services.casefile.console.visit import Visit
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.correction import EntryAnnulled
from services.casefile.domain.refusals import CasefileError, RecordNotFound
from services.casefile.importing.rows import nest

STAYS = ("late_reason",)
# A kind may have a reason of its own, so the one for putting it right has another name.
WHY = "reason_for_correcting"


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
        self.version = self.file.view.version
        self.shown = whole(found, self.file.view.disclosure)
        self.address = f"/cases/{self.file.case_id}/records/{record_id}"

    @property
    def kind(self) -> Kind:
        return self.entry.kind

    @property
    def withheld(self) -> list[str]:
        """What cannot be shown: nobody corrects what they cannot see."""
        return [name for name, value in self.shown["fields"].items() if is_withheld(value)]

    @property
    def form(self) -> FormOfKind:
        form, hidden = form_of(self.kind), (*STAYS, *self.withheld)
        return FormOfKind(tuple(f for f in form.fields if top(f) not in hidden), ())

    def typed_at(self, version: int) -> Typed:
        """What the form would hold if it had been filled in as the record read at that version."""
        assert self.file.view is not None
        known = effective([e for e in self.file.view.recorded if e.version <= version])
        number = self.entry.env.record_id
        entry = next((e for e in known if e.env.record_id == number), self.entry)
        by = entry.env.performed_by or entry.env.recorded_by
        env = {
            "occurred_on": entry.env.occurred_on,
            "occurred_at": entry.env.occurred_at,
            "performed_by": by.staff,
            "evidence": msgspec.to_builtins(entry.env.evidence),
        }
        fields = self.file.view.disclosure.entry(entry)
        shown = {name: value for name, value in fields.items() if name not in self.withheld}
        return as_typed(self.form.fields, env | shown)


def ask_correction(visit: Visit) -> Answer:
    target = Target(visit)
    typed = target.typed_at(target.version)
    return correction_page(target, typed | {"record_id": [str(uuid4())]})


def send_correction(visit: Visit) -> Answer:
    target, typed = Target(visit), typed_in(visit.form)
    if (line := first(typed, MORE)) != "":
        return correction_page(target, grown(typed, line, target.form.fields))
    typed = compacted(typed, target.form.fields)
    read = read_fields(visit, target.form.fields, typed)
    reason = first(typed, WHY)
    wrong = [*read.wrong, *missing_reason(visit, reason, WHY)]
    if wrong:
        return correction_page(target, typed, wrong)
    body = {
        "record_id": first(typed, "record_id"),
        "target": str(target.entry.env.record_id),
        "changes": changes(target, read.values, seen_in(typed)),
        "reason": reason,
    }
    try:
        visit.desk.product.casefile.correct(
            target.file.case_id, body, context_of(visit, with_version(typed), body)
        )
    except CasefileError as error:
        return correction_again(target, typed, read.values, error)
    return Redirect(f"{target.address}?done=corrected")


def correction_again(
    target: Target, typed: Typed, values: dict[str, Any], error: CasefileError
) -> Answer:
    """When the file has moved on: what it says now, with what was changed here on top."""
    if status_of(error) not in ANSWERED:
        raise error
    wrong = [refused(target.visit, error)]
    if isinstance(error, VersionMoved):
        mine = changes(target, values, seen_in(typed))
        now = target.typed_at(target.version)
        names = {top(f) for f in target.form.fields} - mine.keys()
        kept = {p: texts for p, texts in typed.items() if p.partition(".")[0] not in names}
        typed = kept | {p: texts for p, texts in now.items() if p.partition(".")[0] in names}
        typed["version"] = [str(target.version)]
    return correction_page(target, typed, wrong, status_of(error))


def changes(target: Target, values: dict[str, Any], version: int) -> dict[str, Any]:
    """The fields that read differently now; a field that was emptied is taken away."""
    fields = target.form.fields
    before = read_fields(target.visit, fields, target.typed_at(version)).values
    changed = {path for path in before.keys() | values.keys() if differs(before, values, path)}
    tops = {path.partition(".")[0] for path in changed}
    nested = nest({p: v for p, v in values.items() if p.partition(".")[0] in tops})
    lists = {top(f) for f in fields if f.column.form in ("codes", "texts") or list_of(f.path)}
    empty: dict[str, Any] = {name: [] if name in lists else None for name in tops}
    found: dict[str, Any] = msgspec.to_builtins(empty | nested)
    return found


def differs(before: dict[str, Any], after: dict[str, Any], path: str) -> bool:
    return bool(before.get(path) != after.get(path))


def ask_annulment(visit: Visit) -> Answer:
    return annulment_page(Target(visit), {"record_id": [str(uuid4())]})


def send_annulment(visit: Visit) -> Answer:
    target, typed = Target(visit), typed_in(visit.form)
    wrong = missing_reason(visit, first(typed, "reason"), "reason")
    if wrong:
        return annulment_page(target, typed, wrong)
    body = {name: first(typed, name) for name in ("record_id", "ground", "reason")}
    body |= {"target": str(target.entry.env.record_id)}
    try:
        visit.desk.product.casefile.annul(
            target.file.case_id, body, context_of(visit, with_version(typed), body)
        )
    except CasefileError as error:
        if status_of(error) not in ANSWERED:
            raise
        if isinstance(error, VersionMoved):
            typed["version"] = [str(target.version)]
        return annulment_page(target, typed, [refused(visit, error)], status_of(error))
    return Redirect(f"{target.address}?done=annulled")


def missing_reason(visit: Visit, reason: str, path: str) -> list[Wrong]:
    if reason:
        return []
    text = visit.labels.text
    return [Wrong(path, text("It has to be filled in."), text("Fill in this field."))]


def seen_in(typed: Typed) -> int:
    """The version the form was made from; without one it was made from none."""
    version = first(typed, "version")
    return int(version) if version.isdecimal() and len(version) < 19 else 0


def with_version(typed: Typed) -> Typed:
    """Whoever puts something right has to know the file as it is."""
    return typed | {"version": [str(seen_in(typed))]}


def correction_page(
    target: Target, typed: Typed, wrong: list[Wrong] | None = None, status: int = 422
) -> Shown:
    title = "Correct a record"
    return page(target, typed, wrong or [], "correcting.html", title, target.form, status)


def annulment_page(
    target: Target, typed: Typed, wrong: list[Wrong] | None = None, status: int = 422
) -> Shown:
    form = form_of(target.visit.desk.product.catalogue.of(EntryAnnulled))
    own = FormOfKind(tuple(f for f in form.fields if f.path in ("ground", "reason")), ())
    return page(target, typed, wrong or [], "annulling.html", "Annul a record", own, status)


def page(
    target: Target,
    typed: Typed,
    wrong: list[Wrong],
    template: str,
    title: str,
    form: FormOfKind,
    status: int,
) -> Shown:
    visit = target.visit
    options = {**lists_for(visit, form.fields), **options_of(target.file, target.kind)}
    lines = lines_in(typed, form.fields)
    context = target.file.context("/timeline") | {
        "row": target.shown,
        "address": target.address,
        "form": shown_form(visit, form, typed, wrong, options, lines=lines),
        "typed": {name: values[0] for name, values in typed.items() if values},
        "why": WHY,
        "reason_wrong": next((w for w in wrong if w.path == WHY), None),
        "withheld": target.withheld,
        "version": first(typed, "version") or target.version,
    }
    return Shown(template=template, title=title, context=context, status=status if wrong else 200)


def is_withheld(value: Any) -> bool:
    if isinstance(value, dict):
        return "withheld" in value or any(map(is_withheld, value.values()))
    return isinstance(value, list | tuple) and any(map(is_withheld, value))


def pages() -> list[Page]:
    record = "/cases/{case_id}/records/{record_id}"
    return [
        Page(f"{record}/correct", "amend", ask_correction, submit=send_correction),
        Page(f"{record}/annul", "amend", ask_annulment, submit=send_annulment),
    ]
