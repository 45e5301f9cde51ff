"""Whether plain values fit the types of a policy: every misfit, not only the first."""

import re
import types
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

from services.casefile.policies import form_faults as form
from services.casefile.policies.faults import Path, Wrong, listed, shown

EXAMPLES = {
    "policy": "our-school", "version": "1", "title": "班主任每月谈心", "effective_from": "2026-09-01",
    "approved_by": "leading-group", "unit": "school-1", "calendar": "default",
    "rules": "[{code: talk.monthly, …}]", "code": "talk.class_teacher", "kinds": "[talk]",
    "shape": "{shape: calendar, every: month}", "every": "month", "at": "due",
    "to": "[accountable]", "seeds": "[B08]", "role": "class_teacher", "subject": "case",
    "performers": "[assigned]", "requires": "{mode: video}", "when": "{severity: serious}",
    "applies": "{boarding: [boarding]}", "grace": "{days: 5}", "by": "['12-30']", "days": "15",
    "kind": "incident", "note": "一句话", "escalation": "[{at: due, to: [accountable]}]",
}  # fmt: skip
PROSE = ("title", "note")
TYPES = {
    "int": form.NOT_WHOLE, "bool": form.NOT_YES_OR_NO, "str": form.NOT_A_TEXT,
    "array": form.NOT_A_LIST, "object": form.NOT_A_GROUP, "date": form.NOT_A_DATE,
}  # fmt: skip
FORMS = (
    (re.compile(r"Invalid RFC3339|Invalid date"), form.NOT_A_DATE),
    (re.compile(r"matching regex"), form.NOT_IN_FORM),
    (re.compile(r"Expected `(?:str|array)` of length >= "), form.TOO_FEW),
    (re.compile(r"Expected `(?:str|array)` of length <= (\d+)"), form.TOO_LONG),
    (re.compile(r"Expected `int` >= (\d+)"), form.TOO_SMALL),
    (re.compile(r"Expected `int` <= (\d+)"), form.TOO_LARGE),
)


class Misfit(NamedTuple):
    """What is wrong at a path; `at_name`: with the name of the field rather than its value."""

    path: Path
    wrong: Wrong
    told: dict[str, str]
    at_name: bool = False


def misfits(annotation: Any, value: Any, path: Path = ()) -> Iterator[Misfit]:
    bare = without_none(annotation)
    if value is None and bare is not annotation:
        return
    structs = structs_in(bare)
    inner = plain(bare)
    if structs and isinstance(value, dict):
        yield from _in_struct(structs, value, path)
    elif get_origin(inner) is tuple and isinstance(value, list):
        found = [m for n, v in enumerate(value) for m in misfits(get_args(inner)[0], v, (*path, n))]
        yield from found or _in_leaf(bare, value, path)
    elif get_origin(inner) is dict and isinstance(value, dict):
        for name, each in value.items():
            yield from misfits(get_args(inner)[1], each, (*path, name))
    else:
        yield from _in_leaf(bare, value, path)


def _in_struct(
    structs: tuple[type[msgspec.Struct], ...], value: dict[str, Any], path: Path
) -> Iterator[Misfit]:
    tag_field = structs[0].__struct_config__.tag_field
    tagged = {str(s.__struct_config__.tag): s for s in structs}
    if tag_field and value.get(tag_field) not in tagged:
        yield _wrong_tag(tag_field, tagged, value, path)
        return
    struct = tagged[value[tag_field]] if tag_field else structs[0]
    known = fields_of(struct)
    for name in value:
        if name not in known and name != tag_field:
            yield _unknown(name, [*known, *([tag_field] if tag_field else [])], path)
    for field in msgspec.structs.fields(struct):
        if field.name in value:
            yield from misfits(known[field.name], value[field.name], (*path, field.name))
        elif field.required:
            example = EXAMPLES.get(field.name, "…")
            yield Misfit(path, form.MISSING_FIELD, {"name": field.name, "example": example})


def _wrong_tag(tag_field: str, tagged: dict[str, Any], value: dict[str, Any], path: Path) -> Misfit:
    if tag_field not in value:
        return Misfit(path, form.NO_SHAPE, {"choices": listed(tagged)})
    return not_a_code((*path, tag_field), value[tag_field], tagged)


def _unknown(name: str, known: list[str], path: Path) -> Misfit:
    like = get_close_matches(name, known, 1)
    told = {"name": shown(name), "like": "".join(like), "choices": listed(known)}
    wrong = form.MISSPELT_FIELD if like else form.UNKNOWN_FIELD
    return Misfit((*path, name), wrong, told, at_name=True)


def not_a_code(path: Path, value: Any, codes: Any) -> Misfit:
    """An unknown code, with the one that was probably meant."""
    like = get_close_matches(str(value), list(codes), 1)
    told = {"value": shown(value), "like": "".join(like), "choices": listed(codes)}
    return Misfit(path, form.MISSPELT_CODE if like else form.NOT_A_CODE, told)


def _in_leaf(annotation: Any, value: Any, path: Path) -> Iterator[Misfit]:
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        codes = [c for c in get_args(annotation) if get_origin(annotation) is Literal]
        if codes and isinstance(value, str):
            yield not_a_code(path, value, codes)
        else:
            yield _said(str(error), path)


def _said(message: str, path: Path) -> Misfit:
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    told = {"name": name, "example": EXAMPLES.get(name, "…").strip("[]")}
    if (got := re.match(r"Expected `(\w+)(?: \| \w+)*`, got ", message)) is not None:
        return Misfit(
            path, TYPES.get(got[1], form.WRONG), told | {"example": EXAMPLES.get(name, "…")}
        )
    for pattern, wrong in FORMS:
        if (found := pattern.search(message)) is not None:
            told |= {"limit": found[1]} if pattern.groups else {}
            in_prose = wrong is form.NOT_IN_FORM and name in PROSE
            return Misfit(path, form.NUMBER_OF_SOMEBODY if in_prose else wrong, told)
    return Misfit(path, form.WRONG, told)


@cache
def fields_of(struct: type[msgspec.Struct]) -> dict[str, Any]:
    hints = get_type_hints(struct, include_extras=True)
    return {name: hints[name] for name in struct.__struct_fields__}


def without_none(annotation: Any) -> Any:
    """`X | None` as `X`; anything else as it is."""
    parts = get_args(annotation)
    if get_origin(annotation) not in (Union, types.UnionType) or type(None) not in parts:
        return annotation
    return Union[tuple(p for p in parts if p is not type(None))]  # noqa: UP007


def plain(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def structs_in(annotation: Any) -> tuple[type[msgspec.Struct], ...]:
    """The struct that an annotation is, or those that it is one of."""
    union = get_origin(annotation) in (Union, types.UnionType)
    options = get_args(annotation) if union else (annotation,)
    return tuple(o for o in options if isinstance(o, type) and issubclass(o, msgspec.Struct))
