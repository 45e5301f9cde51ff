"""Reads one cell as its column wants it, forgiving what spreadsheets do to dates and numbers."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from services.casefile.application.clock import SHANGHAI
from services.casefile.domain.identifiers import normal_register_no, normal_resident_id
from services.casefile.importing import faults
from services.casefile.importing.columns import Column, constraint
from services.casefile.importing.faults import Fault, Wrong
from services.casefile.importing.headings import LOCALES, normal
from services.casefile.labels import labels

YES = ("yes", "y", "true", "1", "是", "有", "对", "√", "✓")
NO = ("no", "n", "false", "0", "否", "无", "没有", "×", "✗")
LISTED = re.compile(r"[、，,；;\n]")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
CLOCK = re.compile(r"(\d{1,2})[:时点](\d{2})分?(?::\d{2})?")
ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,2}")
WIDE = {code: code - 0xFEE0 for code in (*range(0xFF0D, 0xFF1A), *range(0xFF21, 0xFF5B))}
NARROW = str.maketrans({**WIDE, 0x3000: 0x20, 0xA0: 0x20, 0x200B: None, 0xFEFF: None})
IDENTIFIERS: dict[str, Callable[[str], str]] = {
    "resident_id": lambda text: normal_resident_id(text.replace(" ", "")),
    "school_register_no": normal_register_no,
}
SPACE = " \t\r\n\u3000\xa0\u200b\ufeff"
EXACT_DIGITS = 10**15
FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000
EPOCH = date(1899, 12, 30)

Reader = Callable[[Any], Any]
Words = dict[str, str]


def read(value: Any, column: Column, words: Words) -> Any:
    """The cell's value, typed; raises Fault. `words` are the codes of the column by any name."""
    value = value.strip(SPACE) if isinstance(value, str) else value
    if column.form == "code":
        return within(_code(value, words), column)
    if column.form == "codes":
        parts = (part for part in LISTED.split(short(value, lines=True)) if part.strip())
        return within(tuple(dict.fromkeys(_code(part, words) for part in parts)), column)
    if words:
        value = words.get(normal(str(value)), value)
    found = READERS[column.form](value)
    normalise = IDENTIFIERS.get(column.field)
    return within(found if normalise is None else normalise(found), column)


def words_of(column: Column, translations: dict[str, str] | None = None) -> Words:
    """What codes may be written as: the labels of both languages, the code, or as translated."""
    known: Words = {}
    for locale in LOCALES:
        for code, text in code_labels(column, locale).items():
            known.setdefault(normal(text), code)
    known |= {normal(code): code for code in column.codes}
    return known | {normal(t): known.get(normal(c), c) for t, c in (translations or {}).items()}


def code_labels(column: Column, locale: Any) -> dict[str, str]:
    """The label of each code; where two read alike, the code is added."""
    shown: dict[str, str] = {}
    for code in column.codes:
        text = labels(locale).code(column.field, code)
        shown[code] = f"{text} [{code}]" if text in shown.values() else text
    return shown


def within(value: Any, column: Column) -> Any:
    """The value, if it keeps to the limits of its type."""
    try:
        msgspec.convert(value, column.type)
    except msgspec.ValidationError:
        raise _outside(value, column) from None
    return value


def _outside(value: Any, column: Column) -> Fault:
    size: Any = len(value) if isinstance(value, str | tuple) else value
    too_big = faults.TOO_LONG if isinstance(value, str) else faults.TOO_MANY
    limits: Iterable[tuple[str, Wrong, Callable[[Any], bool]]] = (
        ("max_length", too_big, lambda limit: size > limit),
        ("min_length", faults.TOO_SHORT, lambda limit: size < limit),
        ("le", faults.TOO_LARGE, lambda limit: size > limit),
        ("ge", faults.TOO_SMALL, lambda limit: size < limit),
    )
    for name, wrong, breaks in limits:
        if (limit := constraint(column.type, name)) is not None and breaks(limit):
            return Fault(wrong, limit=_in_unit(limit, column))
    return Fault(faults.NOT_IN_FORM)


def _in_unit(limit: Any, column: Column) -> Any:
    return f"{limit / 100:.2f}" if column.form == "yuan" else limit


def _code(value: Any, words: Words) -> str:
    code = words.get(normal(short(value)))
    if code is None:
        raise Fault(faults.NOT_A_CODE)
    return code


def short(value: Any, *, lines: bool = False) -> str:
    """A number, code or name as text; a number that lost digits is not one any more."""
    if isinstance(value, datetime | date | time):
        return value.isoformat() if not isinstance(value, datetime) else value.date().isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= EXACT_DIGITS:
            raise Fault(faults.MANGLED)
        return str(int(value)) if value == int(value) else str(value)
    text = str(value).translate(NARROW)
    text = text if lines else " ".join(text.split())
    if ROUNDED.fullmatch(text):
        raise Fault(faults.MANGLED)
    return text


def _prose(value: Any) -> str:
    return value.replace("\r\n", "\n") if isinstance(value, str) else short(value)


def _number(value: Any) -> int:
    found = _decimal_of(value, faults.NOT_WHOLE)
    if found != found.to_integral_value():
        raise Fault(faults.NOT_WHOLE)
    return int(found)


def _decimal(value: Any) -> float:
    return float(_decimal_of(value, faults.NOT_A_NUMBER))


def _yuan(value: Any) -> int:
    fen = _decimal_of(value, faults.NOT_AN_AMOUNT, strip="元¥￥") * 100
    if fen != fen.to_integral_value():
        raise Fault(faults.NOT_AN_AMOUNT)
    return int(fen)


def _decimal_of(value: Any, wrong: Wrong, strip: str = "") -> Decimal:
    if isinstance(value, bool | datetime | date | time):
        raise Fault(wrong)
    text = str(value).translate(NARROW).strip(" " + strip).replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Fault(wrong) from None
    if not number.is_finite() or abs(number) >= EXACT_DIGITS:
        raise Fault(wrong)
    return number


def _yes_no(value: Any) -> bool:
    text = normal(str(int(value) if isinstance(value, float) else value))
    if text in YES:
        return True
    if text in NO:
        return False
    raise Fault(faults.NOT_YES_OR_NO)


def _texts(value: Any) -> tuple[str, ...]:
    parts = str(value).replace("；", ";").replace("\n", ";").split(";")
    return tuple(part.strip() for part in parts if part.strip())


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = short(value)
    match = DAY.fullmatch(text) or COMPACT_DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else _of_serial(text)
    except ValueError:
        raise Fault(faults.NOT_A_DATE) from None


def _of_serial(text: str) -> date:
    """The day a spreadsheet counts as this number."""
    days = float(text)
    if not FIRST_SERIAL <= days <= LAST_SERIAL:
        raise ValueError(text)
    return EPOCH + timedelta(days=int(days))


def _time(value: Any) -> time:
    if isinstance(value, datetime):
        return value.time().replace(microsecond=0)
    if isinstance(value, time):
        return value
    match = CLOCK.fullmatch(str(value).translate(NARROW).replace("：", ":").strip())
    try:
        return time(int(match[1]), int(match[2])) if match else _of_fraction(value)
    except (ValueError, TypeError):
        raise Fault(faults.NOT_A_TIME) from None


def _of_fraction(value: Any) -> time:
    """The time of day a spreadsheet counts as this part of a day."""
    if isinstance(value, bool) or not 0 <= float(value) < 1:
        raise ValueError(value)
    minutes = round(float(value) * 1440) % 1440
    return time(minutes // 60, minutes % 60)


def _moment(value: Any) -> str:
    """A day and a time, as clocks in China showed it."""
    day, _, clock = str(value).strip().replace("T", " ").partition(" ")
    return datetime.combine(_date(day), _time(clock), SHANGHAI).isoformat()


READERS: dict[str, Reader] = {
    "text": short,
    "id": short,
    "prose": _prose,
    "number": _number,
    "decimal": _decimal,
    "yuan": _yuan,
    "fen": _number,
    "yes_no": _yes_no,
    "texts": _texts,
    "date": _date,
    "time": _time,
    "moment": _moment,
}
