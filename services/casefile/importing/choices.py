"""The drop-down lists of the template, kept on a hidden sheet because they are long."""

from datetime import date
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from services.casefile.importing.cells import code_labels
from services.casefile.importing.columns import Column, constraint
from services.casefile.labels import Locale, labels

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


class Choices:
    """Writes each list once and hands out the rule that points at it."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._sources: dict[tuple[str, ...], str] = {}
        sheet.hide()

    def rule(self, column: Column, locale: Locale) -> dict[str, Any] | None:
        """What may be typed into the column, as the spreadsheet checks it itself."""
        words = labels(locale)
        if column.form == "code":
            return self._list(tuple(code_labels(column, locale).values()))
        if column.form == "yes_no":
            return self._list((words.text("Yes"), words.text("No")))
        if column.form == "date":
            between = {"criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
            message = words.text("Write the day like 2026-11-20.")
            return {"validate": "date", **between, "error_message": message}
        if column.form == "number":
            return _whole(column)
        return None

    def _list(self, texts: tuple[str, ...]) -> dict[str, Any]:
        return {"validate": "list", "source": self._source(texts)}

    def _source(self, texts: tuple[str, ...]) -> str:
        if texts not in self._sources:
            index = len(self._sources)
            for row, text in enumerate(texts):
                self._sheet.write_string(row, index, text)
            first = xl_rowcol_to_cell(0, index, row_abs=True, col_abs=True)
            last = xl_rowcol_to_cell(len(texts) - 1, index, row_abs=True, col_abs=True)
            self._sources[texts] = f"='{self._sheet.get_name()}'!{first}:{last}"
        return self._sources[texts]


def _whole(column: Column) -> dict[str, Any]:
    least, most = constraint(column.type, "ge"), constraint(column.type, "le")
    if least is None or most is None:
        return {"validate": "integer", "criteria": ">=", "value": -1_000_000}
    return {"validate": "integer", "criteria": "between", "minimum": least, "maximum": most}
