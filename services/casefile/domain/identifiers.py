"""Resident ID numbers and phone numbers: what cannot be right is refused, what is odd is warned."""

from collections.abc import Hashable, Iterator
from datetime import date
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec
import phonenumbers
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent, ValidationError

from services.casefile.domain.refusals import WrongPhone, WrongResidentId

UNKNOWN_AREA = "resident_id_area_unknown"


def check_resident_id(number: str, birth_date: date, sex: str) -> tuple[str, ...]:
    """Warnings about the number. A wrong form, check digit, birth date or sex is refused."""
    warnings = _form(number)
    if number[6:14] != birth_date.strftime("%Y%m%d"):
        raise WrongResidentId("its birth date is not the child's")
    if (int(number[16]) % 2 == 1) != (sex == "male"):
        raise WrongResidentId("its sex is not the child's")
    return warnings


def _form(number: str) -> tuple[str, ...]:
    if len(number) != 18 or not number[:17].isdigit():
        raise WrongResidentId("it needs 17 digits and a check character")
    if ric.calc_check_digit(number) != number[-1].upper():
        raise WrongResidentId("its check character does not fit")
    try:
        ric.validate(number)
    except InvalidComponent:
        return (UNKNOWN_AREA,)
    except ValidationError:
        raise WrongResidentId("it is not a possible number") from None
    return ()


def normal_resident_id(number: str) -> str:
    return number.strip().upper()


def normal_register_no(number: str) -> str:
    return number.strip().upper().replace(" ", "")


def normal_name(name: str) -> str:
    return "".join(name.split())


def check_phones(record: Any, path: str = "") -> None:
    """Refuse a phone number that nobody can call."""
    if not asks_phones(record.__class__):
        return
    for name, value in _texts(record, path):
        if name.endswith("phone") and not _is_phone(value):
            raise WrongPhone(name)


@cache
def asks_phones(form: Hashable) -> bool:
    """Whether a type has a field for a phone number, at any depth."""
    if isinstance(form, type) and issubclass(form, msgspec.Struct):
        hints = get_type_hints(form).items()
        return any(name.endswith("phone") or asks_phones(inner) for name, inner in hints)
    return any(asks_phones(inner) for inner in get_args(form))


def _is_phone(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(parsed) and phonenumbers.is_valid_number(parsed)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _texts(item, f"{path}[{place}]")
