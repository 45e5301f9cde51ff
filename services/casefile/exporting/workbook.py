"""XLSX: a sheet for what the report is and one for every table, written row by row."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import xlsxwriter

from services.casefile.exporting.marking import Mark, mark_line, stamp_lines
from services.casefile.exporting.showing import heading, row_reader, table_title
from services.casefile.exporting.telling import sentence
from services.casefile.exporting.workplaces import workplace
from services.casefile.labels import Labels
from services.casefile.reports.report import Cell, Report, Table

OPTIONS = {
    # Rows go to disk as they come.
    "constant_memory": True,
    # What somebody typed stays text.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST = 32_767
WIDTHS = {
    "case": 38,
    "moment": 20,
    "day": 12,
    "count": 10,
    "fen": 14,
    "share": 18,
    "text": 28,
    "fields": 60,
}
SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
# Excel does not open a cell that holds one of these.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Number(NamedTuple):
    """A number that stays one: how many of it make up what is shown, and how that looks."""

    of: int
    look: Any


class Sheets:
    """One workbook while it is written."""

    def __init__(
        self, words: Labels, into: BinaryIO, at: datetime, names: Mapping[str, str], rows: Path
    ) -> None:
        self.book = xlsxwriter.Workbook(into, OPTIONS | {"tmpdir": str(rows)})
        # The time of the cut, so that the same question is the same file.
        created = at.astimezone(UTC).replace(tzinfo=None)
        self.book.set_properties({"created": created})
        font = {"font_name": "Microsoft YaHei", "font_size": 10}
        self.plain = self.book.add_format(font | {"text_wrap": True, "valign": "top"})
        self.bold = self.book.add_format(font | {"bold": True, "bottom": 1, "bg_color": "#EEF2F5"})
        self.title = self.book.add_format(font | {"bold": True, "font_size": 14})
        whole, money = ({"num_format": form, "valign": "top"} for form in ("#,##0", "#,##0.00"))
        self.numbers: Mapping[str, Number] = {
            "count": Number(1, self.book.add_format(font | whole)),
            "fen": Number(100, self.book.add_format(font | money)),
        }
        self.words = words
        self.names = names
        self._names: set[str] = set()

    def sheet(self, title: str) -> Any:
        name = base = SHEET_NAME.sub(" ", title)[:28].strip() or "1"
        number = 1
        while name.lower() in self._names:
            number += 1
            name = f"{base} {number}"
        self._names.add(name.lower())
        return self.book.add_worksheet(name)


def write_workbook(report: Report, words: Labels, mark: Mark | None, into: BinaryIO) -> int:
    at = report.stamp.cut.known_at or datetime(2000, 1, 1, tzinfo=UTC)
    with workplace() as rows:
        sheets = Sheets(words, into, at, report.names, rows)
        write_front(sheets, report, mark)
        count = sum(write_table(sheets, table, mark) for table in report.tables)
        sheets.book.close()
    return count


def write_front(sheets: Sheets, report: Report, mark: Mark | None) -> None:
    words, sheet = sheets.words, sheets.sheet(sheets.words.text("About this file"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, words.text(report.title), sheets.title)
    lines = list(stamp_lines(report, words))
    if mark is not None:
        lines.insert(0, (words.text("Carried out by"), mark_line(mark, words)))
    for paragraph in report.paragraphs:
        head = words.text(paragraph.heading) if paragraph.heading else ""
        lines.append((head, sentence(paragraph, words)))
    lines += [(words.text("Note"), words.text(note)) for note in report.notes]
    for place, (name, value) in enumerate(lines, start=2):
        sheet.write_string(place, 0, name, sheets.plain)
        sheet.write_string(place, 1, clean(value), sheets.plain)


def write_table(sheets: Sheets, table: Table, mark: Mark | None) -> int:
    sheet = sheets.sheet(table_title(table, sheets.words))
    if mark is not None:
        sheet.set_footer(f"&L{mark_line(mark, sheets.words)[:200].replace('&', '&&')}&R&P/&N")
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, WIDTHS.get(column.form, 16))
        sheet.write_string(0, place, heading(column, sheets.words), sheets.bold)
    count, read = 0, row_reader(table.columns, sheets.words, sheets.names)
    numbers = [sheets.numbers.get(column.form) for column in table.columns]
    for count, row in enumerate(table.rows, start=1):
        write_row(sheets, sheet, count, zip(row, read(row), numbers, strict=True))
    last = write_notes(sheets, sheet, table, count)
    if count:
        sheet.autofilter(0, 0, last, len(table.columns) - 1)
    return count


def write_row(
    sheets: Sheets, sheet: Any, line: int, cells: Iterable[tuple[Cell, str, Number | None]]
) -> None:
    for place, (cell, text, number) in enumerate(cells):
        if number is not None and isinstance(cell, int):
            sheet.write_number(
                line, place, cell / number.of if number.of > 1 else cell, number.look
            )
        elif text:
            sheet.write_string(line, place, clean(text), sheets.plain)


def write_notes(sheets: Sheets, sheet: Any, table: Table, count: int) -> int:
    notes = list(table.notes) if count else ["No rows.", *table.notes]
    for place, note in enumerate(notes, start=count + 2):
        sheet.write_string(place, 0, sheets.words.text(note))
    return count


def clean(text: str) -> str:
    if text.isprintable() and len(text) <= LONGEST:
        return text
    return CONTROLS.sub("�", text)[:LONGEST]
