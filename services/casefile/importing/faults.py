"""What can be wrong with one row: said in English here, in Chinese by the catalogue, never with
the value that somebody typed."""

from typing import Any, NamedTuple

import msgspec

from services.casefile.domain.refusals import CasefileError
from services.casefile.labels import Labels


class Wrong(NamedTuple):
    """One way to be wrong, and what to do about it."""

    what: str
    remedy: str


MISSING = Wrong("It has to be filled in.", "Fill in this cell.")
NOT_A_DATE = Wrong("It is not a possible date.", "Write it like 2026-11-20.")
NOT_A_TIME = Wrong("It is not a possible time.", "Write it like 14:30.")
NOT_WHOLE = Wrong("It is not a whole number.", "Write digits only, without a unit.")
NOT_A_NUMBER = Wrong("It is not a number.", "Write digits only, without a unit.")
NOT_AN_AMOUNT = Wrong(
    "It is not an amount of money.", "Write yuan, with two decimals at most, like 1250.00."
)
NOT_YES_OR_NO = Wrong("It is neither yes nor no.", "Choose from the list.")
NOT_A_CODE = Wrong("It is not in the list.", "Choose from the list: {choices}.")
NOT_IN_FORM = Wrong("It does not have the form that is asked for.", "See the note of the column.")
TOO_LONG = Wrong("It is longer than {limit} characters.", "Shorten it.")
TOO_SHORT = Wrong("It is shorter than {limit} characters.", "Check whether something is missing.")
TOO_LARGE = Wrong("It is larger than {limit}.", "Check the number and its unit.")
TOO_SMALL = Wrong("It is smaller than {limit}.", "Check the number and its unit.")
TOO_MANY = Wrong("It names more than {limit}.", "Leave the most important ones.")
MANGLED = Wrong(
    "The spreadsheet has turned a long number into a rounded one (like 1.1E+17); its last digits "
    "are lost.",
    "Set the column's format to text, then type the number again from the document.",
)
FORMULA = Wrong(
    "There is a formula in cell {cell}.", "Copy the column and paste it as values in its place."
)
ERROR_VALUE = Wrong("There is a spreadsheet error in cell {cell}.", "Type the value itself.")
NO_NUMBER = Wrong(
    "The row does not say which child it is.",
    "Give the school register number or the resident ID number.",
)
UNKNOWN_CHILD = Wrong(
    "No child on file has this number.",
    "Check the number, or add the child to the roster sheet.",
)
TWO_CHILDREN = Wrong(
    "The two numbers belong to two different children.", "Check both numbers; leave one out."
)
OTHER_NAME = Wrong(
    "The name is not the one on file for this number.", "Check the number and the name."
)
OTHER_DATA = Wrong(
    "The child is on file with other data: {columns}.",
    "If the file is wrong, correct its record in Casefile; if the row is wrong, change the row.",
)
OTHER_UNIT = Wrong(
    "The unit is registered with other data: {columns}.",
    "Record a renaming, a move or a closure of the unit, or change the row.",
)
OTHER_STAFF = Wrong(
    "The member of staff is registered with other data: {columns}.",
    "Record a move or a departure, or change the row.",
)


class Fault(Exception):
    """Something wrong with a cell or a row."""

    def __init__(self, wrong: Wrong, path: str | None = None, **told: Any) -> None:
        super().__init__(wrong.what)
        self.wrong, self.path, self.told = wrong, path, told
        self.refusal: type[CasefileError] | None = None


class Problem(msgspec.Struct, frozen=True):
    """What is reported of a row, in the reader's language."""

    sheet: str
    row: int
    column: str
    what: str
    remedy: str


def fault_of(error: CasefileError) -> Fault:
    """A refusal of the rules, as a fault of the row."""
    why = error.data.get("why") or error.data.get("what")
    wrong = Wrong(error.title, error.remedy)
    field: str | None = getattr(error, "field", None)
    fault = Fault(wrong, path_of(field), **({"why": why} if isinstance(why, str) else {}))
    fault.refusal = type(error)
    return fault


def path_of(field: str | None) -> str | None:
    """`items[0].item` as the columns name it: `items.1.item`."""
    if field is None:
        return None
    parts = field.replace("[", ".").replace("]", "").split(".")
    return ".".join(str(int(part) + 1) if part.isdigit() else part for part in parts)


def said(wrong: Wrong, labels: Labels, told: dict[str, Any]) -> tuple[str, str]:
    what, remedy = (labels.text(text).format(**told) if text else "" for text in wrong)
    why = told.get("why")
    return (f"{what} {labels.text(why)}" if why else what), remedy
