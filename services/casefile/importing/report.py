"""Writes what was wrong with a file as a table of its own, for whoever has to put it right."""

import csv
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from services.casefile.importing.outcome import Outcome
from services.casefile.labels import Labels, Locale, labels

COLUMNS = ("Sheet", "Row", "Column", "What is wrong", "What to do", "Weight")
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
WIDTHS = (18, 8, 24, 48, 48, 10)


def write_report(path: Path, outcome: Outcome, locale: Locale = "zh") -> None:
    """As .xlsx, or as text for any other name."""
    lines = list(report_lines(outcome, labels(locale)))
    if path.suffix.lower() == ".xlsx":
        _write_workbook(path, lines)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([_harmless(text) for text in line] for line in lines)


def report_lines(outcome: Outcome, words: Labels) -> Iterator[tuple[str, ...]]:
    yield tuple(map(words.text, COLUMNS))
    for weight, problems in (("Refused", outcome.problems), ("Warning", outcome.warnings)):
        for p in problems:
            yield p.sheet, str(p.row), p.column, p.what, p.remedy, words.text(weight)


def _write_workbook(path: Path, lines: list[tuple[str, ...]]) -> None:
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        sheet = book.add_worksheet()
        for index, width in enumerate(WIDTHS):
            sheet.set_column(index, index, width)
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
        sheet.freeze_panes(1, 0)


def _harmless(text: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
