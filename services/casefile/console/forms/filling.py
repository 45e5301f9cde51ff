"""A form as it is shown: what stands in each field, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

import msgspec

from services.casefile.application.clock import SHANGHAI
from services.casefile.console.forms.fields import Field, FormOfKind
from services.casefile.console.forms.lines import Lines, list_of, longest_lists
from services.casefile.console.forms.nearby import NAMED
from services.casefile.console.forms.reading import Typed, Wrong
from services.casefile.console.visit import Visit
from services.casefile.importing.cells import code_labels
from services.casefile.importing.columns import Column, constraint
from services.casefile.importing.headings import heading
from services.casefile.labels import Labels

FEW = 3


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
    hint: str = ""
    proposals: str = ""

    @property
    def id(self) -> str:
        return self.path.replace(".", "-")

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def told_by(self) -> str:
        """The ids of what explains it, for those who hear the page."""
        hint = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*hint, f"{self.id}-wrong"] if self.wrong else hint)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Fields that belong together: a part of the record, or the lines of a list."""

    path: str
    label: str
    lines: list[list[ShownField]]
    is_list: bool
    can_grow: bool


class ShownForm(msgspec.Struct, frozen=True, kw_only=True):
    """The whole form; `others` is wrong, but not with any one field."""

    first: list[ShownField]
    more: list[ShownField]
    wrong: Sequence[Wrong]
    labels: Any
    longest: Mapping[str, int]
    proposals: Mapping[str, list[tuple[str, str]]]
    grows: bool
    is_unfolded: bool

    def blocks(self, fields: Sequence[ShownField]) -> Iterator[ShownField | Group]:
        """The fields as they stand under each other, those of a part or list in one frame."""
        for name, several in groupby(fields, key=lambda f: f.path.partition(".")[0]):
            found = list(several)
            if found[0].path == name:
                yield from found
            else:
                yield self._group(name, found)

    def _group(self, name: str, fields: list[ShownField]) -> Group:
        numbers = {at[1]: None for f in fields if (at := list_of(f.path)) is not None}
        lines = [[f for f in fields if f.path.startswith(f"{name}.{n}.")] for n in numbers]
        can_grow = self.grows and len(numbers) < self.longest.get(name, 0)
        return Group(
            path=name,
            label=self.labels.field(name),
            lines=lines or [fields],
            is_list=bool(numbers),
            can_grow=can_grow,
        )

    @property
    def others(self) -> list[Wrong]:
        lists = [each.path for each in self.of_lists]
        return [w for w in self.wrong if w.path not in self._paths and w.path not in lists]

    @property
    def of_lists(self) -> list[Wrong]:
        """What is wrong with a whole list or part, and not with one field of it."""
        tops = {path.partition(".")[0] for path in self._paths if "." in path}
        return [w for w in self.wrong if w.path in tops and w.path not in self._paths]

    @property
    def _paths(self) -> set[str]:
        return {field.path for field in (*self.first, *self.more)}

    def label_of(self, path: str) -> str:
        return next((f.label for f in (*self.first, *self.more) if f.path == path), path)


def shown_form(
    visit: Visit,
    form: FormOfKind,
    typed: Typed,
    wrong: Sequence[Wrong] = (),
    options: Mapping[str, list[tuple[str, str]]] | None = None,
    lines: Lines | None = None,
) -> ShownForm:
    """Without `lines`, lists have a few and cannot grow."""
    longest = longest_lists(form.fields)
    shown_lines = dict.fromkeys(longest, FEW) if lines is None else lines
    faulty = {each.path: each for each in reversed(wrong) if each.path}
    lifted = form.with_first(wanted_first(form, faulty))

    def show(field: Field) -> ShownField:
        column = field.column
        offered = list(code_labels(column, visit.exchange.locale).items())
        return ShownField(
            path=column.path,
            label=label_of(column, visit.labels),
            form=column.form,
            required=column.required,
            longest=field.longest,
            may_be_empty=not column.required and not isinstance(field.default, str | bool),
            options=offered or (options or {}).get(column.path, []),
            values=typed.get(column.path, []),
            wrong=faulty.get(column.path),
            hint=hint_of(column, visit.labels),
            proposals=NAMED.get(field.refers_to or "", ""),
        )

    def is_there(field: Field) -> bool:
        at = list_of(field.path)
        return at is None or at[1] <= shown_lines[at[0]]

    return ShownForm(
        first=[show(field) for field in lifted.first if is_there(field)],
        more=[show(field) for field in lifted.more if is_there(field)],
        wrong=wrong,
        labels=visit.labels,
        longest=longest,
        proposals={n: p for n, p in (options or {}).items() if n in NAMED.values()},
        grows=lines is not None,
        # Whoever asked for a line more wants to see it.
        is_unfolded=bool(typed.get("more")),
    )


def wanted_first(form: FormOfKind, faulty: Mapping[str, Wrong]) -> list[str]:
    """What is wrong unfolds; of a list that has a fault, all of it."""
    tops = {path.partition(".")[0] for path in faulty}
    return [f.path for f in form.fields if f.path.partition(".")[0] in tops]


def label_of(column: Column, labels: Labels) -> str:
    """What the field is called; the part it belongs to is said by the frame around it."""
    return heading(msgspec.structs.replace(column, path=column.field), labels)


def hint_of(column: Column, labels: Labels) -> str:
    least, most = constraint(column.type, "ge"), constraint(column.type, "le")
    if column.form == "number" and least is not None and most is not None:
        return labels.text("From {least} to {most}.").format(least=least, most=most)
    own = {"yuan": "Yuan, with two decimals at most."}.get(column.form)
    own = {"term": "School year and term, like 2026-2027-1."}.get(column.field, own)
    return labels.text(own) if own else ""


def defaults(form: FormOfKind, today: date) -> Typed:
    """What stands in an empty form: today, and what the kind takes for granted."""
    found: Typed = {"occurred_on": [str(today)]}
    for field in form.fields:
        if isinstance(field.default, str | bool):
            found[field.path] = [written(field.default)]
    return found


def as_typed(fields: Sequence[Field], values: Mapping[str, Any]) -> Typed:
    """A record's data as its form would have it; money in yuan."""
    found = flattened(values)
    for field in fields:
        if field.column.form == "yuan" and field.path in found:
            fen = int(found[field.path][0])
            found[field.path] = [f"{fen // 100}.{fen % 100:02d}"]
    return found


def flattened(values: Any, path: str = "") -> Typed:
    """Data by the paths of its fields."""
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
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
