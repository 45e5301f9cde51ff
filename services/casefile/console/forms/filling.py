"""A form as it is shown: what stands in each field, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

import msgspec

from services.casefile.console.forms.fields import Field, FormOfKind
from services.casefile.console.forms.reading import Typed, Wrong
from services.casefile.console.visit import Visit
from services.casefile.importing.cells import code_labels
from services.casefile.importing.headings import heading


class ShownField(msgspec.Struct, frozen=True, kw_only=True):
    """What the template needs of one field."""

    path: str
    label: str
    form: str
    required: bool
    longest: int | None
    options: list[tuple[str, str]]
    may_be_empty: bool
    values: list[str]
    wrong: Wrong | None

    @property
    def id(self) -> str:
        return self.path.replace(".", "-")

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


class ShownForm(msgspec.Struct, frozen=True, kw_only=True):
    """The whole form; `others` is wrong, but not with any one field."""

    first: list[ShownField]
    more: list[ShownField]
    wrong: Sequence[Wrong]

    @property
    def others(self) -> list[Wrong]:
        known = {field.path for field in (*self.first, *self.more)}
        return [each for each in self.wrong if each.path not in known]

    def label_of(self, path: str) -> str:
        return next((f.label for f in (*self.first, *self.more) if f.path == path), path)


def shown_form(
    visit: Visit,
    form: FormOfKind,
    typed: Typed,
    wrong: Sequence[Wrong] = (),
    options: Mapping[str, list[tuple[str, str]]] | None = None,
) -> ShownForm:
    faulty = {each.path: each for each in reversed(wrong) if each.path}
    lifted = form.with_first(faulty)

    def show(field: Field) -> ShownField:
        column = field.column
        offered = list(code_labels(column, visit.exchange.locale).items())
        return ShownField(
            path=column.path,
            label=heading(column, visit.labels),
            form=column.form,
            required=column.required,
            longest=field.longest,
            may_be_empty=not column.required and not isinstance(field.default, str | bool),
            options=offered or (options or {}).get(column.path, []),
            values=typed.get(column.path, []),
            wrong=faulty.get(column.path),
        )

    return ShownForm(
        first=[show(field) for field in lifted.first],
        more=[show(field) for field in lifted.more],
        wrong=wrong,
    )


def defaults(form: FormOfKind, today: date) -> Typed:
    """What stands in an empty form: today, and what the kind takes for granted."""
    found: Typed = {"occurred_on": [str(today)]}
    for field in form.fields:
        if isinstance(field.default, str | bool):
            found[field.path] = [written(field.default)]
    return found


def flattened(values: Any, path: str = "") -> Typed:
    """A record's data as its form would have it."""
    if isinstance(values, Mapping):
        found: Typed = {}
        for name, value in values.items():
            found |= flattened(value, f"{path}.{name}" if path else str(name))
        return found
    if isinstance(values, list | tuple) and any(isinstance(v, Mapping) for v in values):
        return {
            below: text
            for number, value in enumerate(values, start=1)
            for below, text in flattened(value, f"{path}.{number}").items()
        }
    if values is None:
        return {}
    several = values if isinstance(values, list | tuple) else [values]
    return {path: [written(value) for value in several]}


def written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
