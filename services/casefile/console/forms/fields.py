"""The fields of a kind's form, from its type: those one needs first, the others folded away."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from services.casefile.domain.catalogue import Kind
from services.casefile.domain.envelope import Submission
from services.casefile.importing.columns import Column, columns_of, constraint

# What is asked straight away of the kinds that are recorded every day; all else is folded away.
AT_ONCE: dict[str, tuple[str, ...]] = {
    "talk": ("place", "minutes", "mood", "note"),
    "home_visit": ("met", "living", "note"),
    "home_visit_attempt": ("reason", "next_attempt_on", "note"),
    "family_call": ("mode", "connected", "parties", "minutes", "note"),
    "guardian_contact": ("mode", "outcome", "topics", "note"),
    "group_session": ("session_kind", "minutes", "note"),
    "opening": ("village", "school", "class_unit", "grade", "resident_id"),
}
ENVELOPE = ("occurred_on", "occurred_at", "performed_by", "late_reason")
# Filled in by us, or given in another way.
LEFT_OUT: dict[str, tuple[str, ...]] = {
    "opening": ("birth_year",),
    "group_session": ("unit", "roll_called"),
    "unit_registration": ("code",),
    "staff_registration": ("staff",),
}
DEEPEST_LIST = 3


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


class FormOfKind(msgspec.Struct, frozen=True):
    """A kind's form: what is asked at once, and what is folded away."""

    first: tuple[Field, ...]
    more: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.first + self.more

    def with_first(self, paths: Iterable[str]) -> "FormOfKind":
        """The same form with some fields unfolded, because something is wrong with them."""
        wanted = set(paths)
        lifted = tuple(f for f in self.more if f.path in wanted)
        rest = tuple(f for f in self.more if f.path not in wanted)
        return FormOfKind(self.first + lifted, rest)


@cache
def form_of(kind: Kind) -> FormOfKind:
    left_out = LEFT_OUT.get(kind.slug, ())
    own = [field for field in fields_of(kind.type) if field.path not in left_out]
    envelope = {f.path: f for f in fields_of(Submission) if f.path in ENVELOPE}
    at_once = AT_ONCE.get(kind.slug, ())
    first = [f for f in own if f.is_required or f.path in at_once]
    first.sort(key=lambda field: not field.is_required)
    more = [f for f in own if f not in first]
    rest = [envelope[path] for path in ENVELOPE[1:]]
    return FormOfKind((envelope["occurred_on"], *first), (*more, *rest))


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
    """Money is asked for in yuan; of a list, as many groups as a page can hold."""
    if column.form == "fen":
        return False
    numbers = [int(part) for part in column.path.split(".") if part.isdigit()]
    return all(number <= DEEPEST_LIST for number in numbers)


def simple(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Those that are not one of several groups; a correction is made of them."""
    return tuple(f for f in fields if not any(part.isdigit() for part in f.path.split(".")))
