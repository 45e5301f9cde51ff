"""What the note on a heading of the template says: how to fill the column in."""

from collections.abc import Iterator

from services.casefile.importing.cells import code_labels
from services.casefile.importing.columns import Column, constraint
from services.casefile.labels import Labels, Locale, labels

HOW = {
    "date": "A day, like 2026-11-20.",
    "time": "A time, like 14:30.",
    "number": "A whole number.",
    "decimal": "A number.",
    "yuan": "Yuan, with two decimals at most.",
    "yes_no": "Yes or no.",
    "code": "Choose from the list.",
    "codes": "One or more, separated by 、:",
    "texts": "One or more, separated by ;",
}
OF_PATH = {
    "child.school_register_no": "The child's number: this one or the resident ID number.",
    "child.resident_id": "The child's number: this one or the school register number.",
    "child.name": "Has to be the name on file for the number.",
    "performed_by": "The staff id of whoever did it; left empty, it is whoever imports the file.",
    "late_reason": "Why it is entered late, if it is.",
    "directory.name": "Kept in the staff directory only, from which it can be deleted.",
}
OF_FIELD = {
    "resident_id": "All 18 characters, as text.",
    "school_register_no": "As text.",
    "staff": "A staff id, as on the staff sheet.",
    "term": "School year and term, like 2026-2027-1.",
    "division": "The statistical division code: 6, 9 or 12 digits.",
}
UNIT_FIELDS = ("village", "school", "class_unit", "unit", "parent", "decided_by")


def note(column: Column, locale: Locale) -> str:
    words = labels(locale)
    return "\n".join(_lines(column, words, locale))


def _lines(column: Column, words: Labels, locale: Locale) -> Iterator[str]:
    if column.required:
        yield words.text("Required.")
    if (how := HOW.get(column.form)) is not None:
        yield words.text(how)
    if column.form == "codes":
        yield "、".join(code_labels(column, locale).values())
    if (own := OF_PATH.get(column.path) or OF_FIELD.get(column.field)) is not None:
        yield words.text(own)
    if column.field in UNIT_FIELDS:
        yield words.text("A unit's code, as on the units sheet.")
    yield from _limits(column, words)


def _limits(column: Column, words: Labels) -> Iterator[str]:
    least, most = constraint(column.type, "ge"), constraint(column.type, "le")
    longest = constraint(column.type, "max_length")
    if column.form == "number" and least is not None and most is not None:
        yield words.text("From {least} to {most}.").format(least=least, most=most)
    if column.form == "prose" and longest is not None:
        yield words.text("At most {limit} characters.").format(limit=longest)
