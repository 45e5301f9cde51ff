"""CSV as spreadsheets open it: with a byte order mark, every cell in quotes, no formulas."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from services.casefile.exporting.marking import Mark, mark_line, stamp_lines
from services.casefile.exporting.showing import heading, row_reader, table_title
from services.casefile.exporting.telling import sentence
from services.casefile.labels import Labels
from services.casefile.reports.report import Report

# What a spreadsheet takes for the beginning of a formula, or hides one behind.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(report: Report, words: Labels, mark: Mark | None, into: BinaryIO) -> int:
    """One table after the other, each under its title; gives the number of rows."""
    text = io.TextIOWrapper(into, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    count = 0
    for line in head(report, words, mark):
        writer.writerow([guarded(cell) for cell in line])
    for table in report.tables:
        writer.writerow([])
        writer.writerow([guarded(table_title(table, words))])
        writer.writerow([guarded(heading(column, words)) for column in table.columns])
        mine, read = 0, row_reader(table.columns, words, report.names)
        for row in table.rows:
            writer.writerow([guarded(cell) for cell in read(row)])
            mine += 1
        if mine == 0:
            writer.writerow([words.text("No rows.")])
        for note in table.notes:
            writer.writerow([guarded(words.text(note))])
        count += mine
    text.detach()
    return count


def head(report: Report, words: Labels, mark: Mark | None) -> Iterator[list[str]]:
    yield [words.text(report.title)]
    if mark is not None:
        yield [words.text("Carried out by"), mark_line(mark, words)]
    yield from ([name, value] for name, value in stamp_lines(report, words))
    for paragraph in report.paragraphs:
        if paragraph.heading:
            yield [words.text(paragraph.heading)]
        yield [sentence(paragraph, words)]
    yield from ([words.text(note)] for note in report.notes)


def guarded(text: str) -> str:
    """Behind an apostrophe a spreadsheet shows the text and reckons nothing."""
    return f"'{text}" if text.startswith(FORMULA) else text
