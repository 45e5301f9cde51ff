"""What the columns and sheets are called, in both languages, and how a heading is recognised."""

import re
import unicodedata
from collections.abc import Iterable

from services.casefile.importing.columns import Column
from services.casefile.labels import Labels, Locale, labels

LOCALES: tuple[Locale, ...] = ("zh", "en")
OWN = {
    "child.school_register_no": "Child's school register no",
    "child.resident_id": "Child's resident ID no",
    "child.name": "Child's name",
    "directory.name": "Name of the member of staff",
}
SPOKEN_ELSEWHERE = {
    "child.school_register_no": ("学籍号", "学籍号码", "学籍", "school register no"),
    "child.resident_id": ("身份证号", "身份证号码", "身份证", "resident id"),
    "child.name": ("姓名", "学生姓名", "儿童姓名", "name"),
    "directory.name": ("姓名", "人员姓名", "name"),
    "resident_id": ("身份证号", "身份证"),
    "occurred_on": ("日期", "date"),
    "performed_by": ("执行人", "记录人", "recorded by"),
}


def heading(column: Column, words: Labels) -> str:
    """`father.phone` as people read it: 父亲.联系电话."""
    if column.path in OWN:
        return words.text(OWN[column.path])
    spoken: list[str] = []
    for part in column.path.split("."):
        if part.isdigit():
            spoken[-1] += part
        else:
            spoken.append(words.field(part))
    return _in_yuan(".".join(spoken)) if column.form == "yuan" else ".".join(spoken)


def headings(columns: Iterable[Column], words: Labels) -> dict[str, Column]:
    """Every column under a heading of its own; where two would read alike, the path is added."""
    found: dict[str, Column] = {}
    for column in columns:
        text = heading(column, words)
        found[f"{text} [{column.path}]" if text in found else text] = column
    return found


def names(columns: Iterable[Column]) -> dict[str, Column]:
    """Everything a column may be called, in the form in which headings are compared."""
    known: dict[str, Column] = {}
    columns = tuple(columns)
    for locale in LOCALES:
        for text, column in headings(columns, labels(locale)).items():
            known.setdefault(normal(text), column)
    for column in columns:
        if column.form != "yuan":
            known.setdefault(normal(column.path), column)
    for column in columns:
        for text in SPOKEN_ELSEWHERE.get(column.path, ()):
            known.setdefault(normal(text), column)
    return known


def normal(text: str) -> str:
    """Without what people vary: case, width, spaces, underscores, the mark for required."""
    return re.sub(r"[\s_*\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text)).casefold()


def sheet_title(text: str) -> str:
    """A text as a sheet may be called: 31 characters, none of the forbidden ones."""
    return re.sub(r"[\[\]:*?/\\']", "-", text)[:31]


def _in_yuan(text: str) -> str:
    """The unit people write money in; the fields themselves hold fen."""
    return re.sub(r"(?<=[(（])分(?=[)）])|(?<=\b)fen$|^Fen$", _yuan, text)


def _yuan(match: re.Match[str]) -> str:
    return {"分": "元", "fen": "yuan", "Fen": "Yuan"}[match.group()]
