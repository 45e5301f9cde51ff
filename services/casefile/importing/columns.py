"""Turns the fields of a record type into spreadsheet columns, so that a new kind needs no code here."""

import types
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

Form = Literal[
    "text", "prose", "number", "decimal", "yuan", "fen", "yes_no", "code", "codes", "texts",
    "date", "time", "moment", "id",
]  # fmt: skip
# Nobody types these into a spreadsheet.
NOT_TYPED = (UUID, datetime)
GROUPS_SHOWN = 3
MOST_GROUPS = 30
DEEPEST = 3
SHORT = 64
SIMPLE: dict[Any, Form] = {
    bool: "yes_no", int: "number", float: "decimal", date: "date", time: "time",
    datetime: "moment", UUID: "id",
}  # fmt: skip


class Column(msgspec.Struct, frozen=True):
    """One column: where its value goes, in which form it is written, what may stand in it."""

    path: str
    form: Form
    type: Any
    required: bool = False
    codes: tuple[str, ...] = ()
    in_template: bool = True
    required_in_part: bool = False

    @property
    def field(self) -> str:
        return self.path.rpartition(".")[2]


@cache
def columns_of(struct: type[msgspec.Struct]) -> tuple[Column, ...]:
    return tuple(_struct(struct, "", required=True))


def fields_left_out(struct: type[msgspec.Struct]) -> list[str]:
    """The fields that a spreadsheet cannot hold, or that only a program can fill in."""
    shown = {column.path.partition(".")[0] for column in columns_of(struct) if column.in_template}
    return [name for name in struct.__struct_fields__ if name not in shown]


def constraint(annotation: Any, name: str) -> Any:
    """What the type's own annotation says of a limit: `max_length`, `ge`, `pattern`…"""
    for option in (annotation, *_options(annotation)):
        for meta in _metas(option):
            if (limit := getattr(meta, name)) is not None:
                return limit
    return None


def _struct(struct: type[msgspec.Struct], prefix: str, *, required: bool) -> Iterator[Column]:
    hints = get_type_hints(struct, include_extras=True)
    for field in msgspec.structs.fields(struct):
        path, must = prefix + field.name, required and field.required
        for column in _columns(path, hints[field.name], required=must):
            if prefix and field.required and column.path == path:
                yield msgspec.structs.replace(column, required_in_part=True)
            else:
                yield column


def _columns(path: str, annotation: Any, *, required: bool) -> Iterator[Column]:
    bare = _bare(annotation)
    if codes := _codes(annotation):
        yield Column(path, "code", annotation, required, codes)
    elif get_origin(bare) is tuple:
        yield from _several(path, annotation, get_args(bare)[0], required=required)
    elif _is_struct(bare):
        if path.count(".") < DEEPEST:
            yield from _struct(bare, f"{path}.", required=required)
    elif bare is int and _is_money(path):
        yield Column(path, "yuan", annotation, required)
        yield Column(path, "fen", annotation, in_template=False)
    elif bare is str:
        yield Column(path, _text_form(annotation), annotation, required)
    elif bare in SIMPLE:
        yield Column(path, SIMPLE[bare], annotation, required, in_template=bare not in NOT_TYPED)


def _several(path: str, annotation: Any, item: Any, *, required: bool) -> Iterator[Column]:
    if codes := _codes(item):
        yield Column(path, "codes", annotation, required, codes)
    elif _bare(item) is str:
        yield Column(path, "texts", annotation, required)
    elif _is_struct(_bare(item)):
        most = min(constraint(annotation, "max_length") or MOST_GROUPS, MOST_GROUPS)
        for number in range(1, most + 1):
            must = required and number == 1
            for column in _struct(_bare(item), f"{path}.{number}.", required=must):
                shown = column.in_template and number <= GROUPS_SHOWN
                yield msgspec.structs.replace(column, in_template=shown)


def _text_form(annotation: Any) -> Form:
    longest = constraint(annotation, "max_length")
    is_short = constraint(annotation, "pattern") or (longest is not None and longest <= SHORT)
    return "text" if is_short else "prose"


def _is_money(path: str) -> bool:
    name = path.rpartition(".")[2]
    return name == "fen" or name.endswith("_fen")


def _is_struct(bare: Any) -> bool:
    return isinstance(bare, type) and issubclass(bare, msgspec.Struct)


def _codes(annotation: Any) -> tuple[str, ...]:
    """The codes of a code list, also of several joined into one."""
    options = _options(annotation)
    if not options or any(get_origin(_plain(o)) is not Literal for o in options):
        return ()
    return tuple(dict.fromkeys(code for o in options for code in get_args(_plain(o))))


def _bare(annotation: Any) -> Any:
    options = _options(annotation)
    return _plain(options[0]) if len(options) == 1 else None


def _options(annotation: Any) -> list[Any]:
    """What the type may be beside None."""
    plain = _plain(annotation)
    if get_origin(plain) not in (Union, types.UnionType):
        return [annotation]
    return [option for option in get_args(plain) if option is not type(None)]


def _plain(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _metas(annotation: Any) -> list[msgspec.Meta]:
    if get_origin(annotation) is not Annotated:
        return []
    return [m for m in get_args(annotation)[1:] if isinstance(m, msgspec.Meta)]
