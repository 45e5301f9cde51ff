"""Why a whole file is not imported. Nothing of it is stored, and each says what to do.

LedgerRefused
├── NoSuchLedger, NotASpreadsheet, OldSpreadsheet, PasswordProtected, UnknownEncoding, OldMacDates
├── EmptyLedger, TooManyRows, CellTooLarge, MergedCells
├── UnknownSheet, NotAHeader, DuplicateHeaders, WrongHeader
└── MappingWrong, FieldUnknown
"""

from typing import Any, NamedTuple

from services.casefile.domain.refusals import CasefileError
from services.casefile.labels import Labels


class LedgerRefused(CasefileError):
    """The file cannot be imported."""

    @property
    def title(self) -> str:
        return super().title.format(**self.data)

    def __str__(self) -> str:
        return self.title

    def told(self, labels: Labels) -> tuple[str, str]:
        """What is wrong and what to do, in the reader's language."""
        told = {name: _listed(value, labels) for name, value in self.data.items()}
        return labels.text(super().title).format(**told), labels.text(self.remedy).format(**told)


class NoSuchLedger(LedgerRefused):
    """There is no readable file {path}."""

    remedy = "Check the path, and that you may read the file."


class NotASpreadsheet(LedgerRefused):
    """This is not a spreadsheet that can be read."""

    remedy = "Save it as .xlsx or as .csv, and import that."


class OldSpreadsheet(LedgerRefused):
    """This is a spreadsheet in the old .xls format."""

    remedy = "Open it and save it as .xlsx, then import that."


class PasswordProtected(LedgerRefused):
    """The file is protected by a password."""

    remedy = "Open it, take the password off, save it, and import it again."


class UnknownEncoding(LedgerRefused):
    """The text file is neither UTF-8 nor GB18030."""

    remedy = "Save it as CSV UTF-8, or as .xlsx."


class OldMacDates(LedgerRefused):
    """The workbook counts its days from 1904."""

    remedy = "Switch the 1904 date system off in its settings, check the dates, save it again."


class EmptyLedger(LedgerRefused):
    """There is not a single filled row in the file."""

    remedy = "Fill in the sheets of the template below their headings."


class TooManyRows(LedgerRefused):
    """The file has more than {limit} rows."""

    remedy = "Split it into several files; they may be imported in any order after the roster."


class CellTooLarge(LedgerRefused):
    """A cell near row {row} of sheet {sheet} is too large to be read."""

    remedy = "Shorten its text; keep long documents as attachments."


class MergedCells(LedgerRefused):
    """Sheet {sheet} has merged cells: {ranges}."""

    remedy = "Unmerge them and fill in every cell, so that each row stands on its own."


class UnknownSheet(LedgerRefused):
    """Casefile does not know what sheet {sheet} holds.{nearest}"""

    remedy = "Name it as in the template, name it in a mapping file, or choose with --sheet."


class NotAHeader(LedgerRefused):
    """Row {row} of sheet {sheet} is not a row of headings: none of its columns is known."""

    remedy = "Put the template's headings there, or write a mapping file."


class DuplicateHeaders(LedgerRefused):
    """Sheet {sheet} has two columns for the same: {columns}."""

    remedy = "Delete or rename one of them."


class WrongHeader(LedgerRefused):
    """The headings of sheet {sheet} do not fit.{unknown}{missing}"""

    remedy = "Correct the headings, or name them in a mapping file."


class MappingWrong(LedgerRefused):
    """The mapping file does not have the right form: {why}"""

    remedy = "Compare it with docs/import.md."


class FieldUnknown(LedgerRefused):
    """The mapping file names {field}, which {kind} does not have.{nearest}"""

    remedy = "Take the name from the template or from docs/import.md."


class Clause(NamedTuple):
    """A part of a refusal that is there or not, with its own words for both languages."""

    template: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return self.template.format(**self.data)


def _listed(value: Any, labels: Labels) -> Any:
    if isinstance(value, Clause):
        return labels.text(value.template).format(**value.data)
    return value
