"""The fields of a kind's form, from its type: those one needs first, the others folded away."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, get_args

import msgspec

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.envelope import Submission
from services.casefile.domain.twins import mark
from services.casefile.importing.columns import Column, columns_of, constraint

# What is asked straight away of the kinds that are recorded every day; all else is folded away.
AT_ONCE: dict[str, tuple[str, ...]] = {
    "talk": ("place", "minutes", "mood", "note"),
    "home_visit": ("met", "living", "note"),
    "home_visit_attempt": ("reason", "next_attempt_on", "note"),
    "family_call": ("mode", "connected", "parties", "minutes", "note"),
    "guardian_contact": ("mode", "outcome", "topics", "note"),
    "group_session": ("session_kind", "minutes", "note"),
    "sample": ("stratified_by", "at_least_one"),
    "examination": ("note",),
    "callback": ("note",),
    "finding": ("case", "worker", "unit"),
    "finding_decision": ("text",),
    "inspection_end": ("leaves_open",),
    "opening": ("village", "school", "class_unit", "grade", "resident_id"),
}
ENVELOPE = ("occurred_on", "occurred_at", "performed_by", "evidence", "late_reason")
# Of any other kind, what has to be said, and so many more that are answered at a glance.
AT_A_GLANCE = 4
SIMPLE = ("code", "yes_no", "number", "prose", "text", "yuan", "date")
# Filled in by us, or given in another way.
LEFT_OUT: dict[str, tuple[str, ...]] = {
    "opening": ("birth_year",),
    "group_session": ("unit", "roll_called"),
    "unit_registration": ("code",),
    "staff_registration": ("staff",),
}


class Field(msgspec.Struct, frozen=True):
    """One field of a form. `default` is what its type says when nothing is filled in."""

    column: Column
    default: Any = None

    @property
    def path(self) -> str:
        return self.column.path

    @property
    def longest(self) -> int | None:
        limit = constraint(self.column.type, "max_length")
        return limit if isinstance(limit, int) and self.column.form in ("text", "prose") else None

    @property
    def is_required(self) -> bool:
        return self.column.required

    @property
    def refers_to(self) -> str | None:
        """Whether it is the code of a unit or of a member of staff."""
        options = (self.column.type, *get_args(self.column.type))
        return next((t for each in options if (t := mark(each, "refers_to")) is not None), None)

    @property
    def is_simple(self) -> bool:
        return self.column.form in SIMPLE and "." not in self.path and self.refers_to is None


class FormOfKind(msgspec.Struct, frozen=True):
    """A kind's form: what is asked at once, and what is folded away."""

    first: tuple[Field, ...]
    more: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.first + self.more

    def without(self, names: Sequence[str]) -> "FormOfKind":
        """The same form where these fields, or parts, are not asked for."""
        kept = [tuple(f for f in half if top(f) not in names) for half in (self.first, self.more)]
        return FormOfKind(*kept)

    def with_first(self, paths: Iterable[str]) -> "FormOfKind":
        """The same form with some fields unfolded, because something is wrong with them."""
        wanted = set(paths)
        lifted = [f for f in self.more if f.path in wanted]
        rest = tuple(f for f in self.more if f.path not in wanted)
        # Why it is late belongs beside the day.
        late = [f for f in lifted if f.path == "late_reason"]
        others = [f for f in lifted if f.path != "late_reason"]
        return FormOfKind((*self.first[:1], *late, *self.first[1:], *others), rest)


@cache
def form_of(kind: Kind) -> FormOfKind:
    left_out = LEFT_OUT.get(kind.slug, ())
    own = [field for field in fields_of(kind.type) if field.path not in left_out]
    first = at_once(kind, own)
    more = [f for f in own if f not in first]
    return FormOfKind((*enveloped("occurred_on"), *first), (*more, *enveloped(*ENVELOPE[1:])))


def at_once(kind: Kind, own: list[Field]) -> list[Field]:
    """What has to be said, then what is usually said; a list stays whole."""
    usual = AT_ONCE.get(kind.slug)
    must = [f for f in own if f.is_required]
    whole = {top(f) for f in must if "." in f.path}
    must += [f for f in own if f not in must and top(f) in whole]
    rest = [f for f in own if f not in must]
    if usual is not None:
        return must + [f for f in rest if f.path in usual]
    return must + [f for f in rest if f.is_simple][: max(0, AT_A_GLANCE - len(must))]


def enveloped(*names: str) -> list[Field]:
    every = list(fields_of(Submission))
    return [field for name in names for field in every if top(field) == name]


def top(field: Field) -> str:
    return field.path.partition(".")[0]


def fields_of(struct: type[msgspec.Struct]) -> Iterator[Field]:
    defaults = {
        f.name: f.default
        for f in msgspec.structs.fields(struct)
        if f.default is not msgspec.NODEFAULT
    }
    for column in columns_of(struct):
        if is_shown(column):
            yield Field(column, defaults.get(column.path))


def is_shown(column: Column) -> bool:
    """Money is asked for in yuan, and its fen are not asked for beside it."""
    return column.form != "fen"
