"""From what was typed to the body of a command; whatever is wrong stays beside its field."""

from collections.abc import Sequence
from typing import Any

import msgspec

from services.casefile.api.problems import problem
from services.casefile.application.decision import KeyReused, VersionMoved
from services.casefile.application.submissions import NotOfItsForm
from services.casefile.console.forms.fields import Field
from services.casefile.console.visit import Pairs, Visit
from services.casefile.domain.refusals import (
    CasefileError,
    LateReasonRequired,
    RecordIdTaken,
    Refused,
)
from services.casefile.history.rows import heading
from services.casefile.importing import faults
from services.casefile.importing.cells import code_labels, read, words_of
from services.casefile.importing.columns import Column
from services.casefile.importing.faults import Fault, path_of, said
from services.casefile.importing.rows import nest

Typed = dict[str, list[str]]


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with a field, or with the whole, and what to do about it."""

    path: str | None
    what: str
    remedy: str
    case_id: str | None = None
    since: tuple[dict[str, Any], ...] = ()


class Read(msgspec.Struct, frozen=True):
    """The typed values by path, and what is wrong."""

    values: dict[str, Any]
    wrong: list[Wrong]

    @property
    def body(self) -> dict[str, Any]:
        return nest(self.values)


def typed_in(form: Pairs) -> Typed:
    """As it came, so that nothing is lost when the form is shown again."""
    found: Typed = {}
    for name, value in form:
        found.setdefault(name, []).append(value)
    return found


def read_fields(visit: Visit, fields: Sequence[Field], typed: Typed) -> Read:
    values: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for field in fields:
        text = joined(field.column, typed.get(field.path, [])).replace("\0", "")
        if not text.strip():
            continue
        try:
            values[field.path] = read(text, field.column, words_of(field.column))
        except Fault as fault:
            wrong.append(told(visit, fault, field.column))
    missing = needed(fields, values) - values.keys() - {w.path for w in wrong}
    by_path = {field.path: field.column for field in fields}
    wrong += [told(visit, Fault(faults.MISSING), by_path[path]) for path in sorted(missing)]
    order = list(by_path)
    wrong.sort(key=lambda each: order.index(each.path or ""))
    return Read(values, wrong)


def joined(column: Column, texts: Sequence[str]) -> str:
    """Several ticked boxes are one cell."""
    kept = [text for text in texts if text.strip()]
    return ",".join(kept) if column.form == "codes" else "\n".join(kept)


def needed(fields: Sequence[Field], values: dict[str, Any]) -> set[str]:
    """What is always required, and what a part requires once anything of it is filled in."""
    begun = {path.rpartition(".")[0] for path in values if "." in path}
    return {
        f.path
        for f in fields
        if f.is_required or (f.column.required_in_part and f.path.rpartition(".")[0] in begun)
    }


def told(visit: Visit, fault: Fault, column: Column) -> Wrong:
    data = dict(fault.told)
    if fault.wrong is faults.NOT_A_CODE:
        data["choices"] = "、".join(code_labels(column, visit.exchange.locale).values())
    wrong = faults.Wrong(fault.wrong.what, REMEDIES.get(fault.wrong.remedy, fault.wrong.remedy))
    what, remedy = said(wrong, visit.labels, data)
    return Wrong(column.path, what, remedy)


# A form has fields where a spreadsheet has cells.
REMEDIES = {
    faults.MISSING.remedy: "Fill in this field.",
    faults.NOT_IN_FORM.remedy: "Look at how it is written on the paper form.",
}


def refused(visit: Visit, error: CasefileError) -> Wrong:
    """A refusal of the rules, beside the field it is about; what was typed is not in it."""
    error = said_of_a_form(error)
    shown = problem(error, visit.exchange)
    title = "" if isinstance(error, NotOfItsForm) else shown["title"]
    remedy = OF_FORMS.get(type(error), shown.get("remedy", ""))
    return Wrong(
        path=path_of(shown.get("field")),
        what=" ".join(filter(None, (title, shown.get("detail")))) or shown["title"],
        remedy=visit.labels.text(remedy) if remedy else "",
        case_id=shown.get("case_id"),
        since=tuple(map(heading, error.since[:20])) if isinstance(error, VersionMoved) else (),
    )


def said_of_a_form(error: CasefileError) -> CasefileError:
    """Keys, ids and versions are ours: whoever fills in a form knows only when that was."""
    if isinstance(error, KeyReused | RecordIdTaken):
        return FormSentBefore()
    return FormOutdated(error) if isinstance(error, VersionMoved) else error


class FormSentBefore(Refused):
    """This form was recorded already, with other content."""

    remedy = "Correct the record that is there, or open a new form for another one."


class FormOutdated(VersionMoved):
    """Something else was recorded since you opened this form."""

    remedy = "Look at what happened since. Sending the form again records it all the same."

    def __init__(self, moved: VersionMoved) -> None:
        CasefileError.__init__(self)
        self.stream_id, self.current, self.since = moved.stream_id, moved.current, moved.since


# In a form nobody sends headers or compares schemas.
OF_FORMS: dict[type[CasefileError], str] = {
    NotOfItsForm: "",
    LateReasonRequired: "Say why it is entered late, in the field marked below.",
}
