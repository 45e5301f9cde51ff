"""A workbook as tables, read as a stream; first looked through for what must not be half-read."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import msgspec
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.casefile.importing.refusals import CellTooLarge, NotASpreadsheet, OldMacDates
from services.casefile.importing.tables import NumberedRow, Special, Table

CHUNK = 1 << 20
LARGEST_ROW = 16 << 20
ROW_END = re.compile(rb"</(?:\w+:)?row>")
FILLED = re.compile(rb"<(?:\w+:)?(?:v|is|f)[ >/]")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:]+)\"")
SPECIAL = {"f": Special.FORMULA, "e": Special.ERROR}


class Scan(msgspec.Struct):
    """What a first look at a sheet's XML finds."""

    filled: int = 0
    merged: list[str] = []


@contextmanager
def opened_workbook(path: Path) -> Iterator[list[Table]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of features that it would not save
        book = _load(path)
        try:
            if book.epoch == CALENDAR_MAC_1904:
                raise OldMacDates
            yield [
                _table(path, sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"
            ]
        finally:
            book.close()


def _load(path: Path) -> Any:
    try:
        return load_workbook(path, read_only=True, keep_links=False)
    except Exception:  # noqa: BLE001 - it raises whatever a damaged part makes it raise
        raise NotASpreadsheet from None


def _table(path: Path, sheet: Any) -> Table:
    found = scan(path, sheet._worksheet_path, sheet.title)  # noqa: SLF001 - nowhere else to be had
    sheet.reset_dimensions()  # what other programs write there is not always true

    def rows() -> Iterator[NumberedRow]:
        for number, cells in enumerate(_parsed(sheet), start=1):
            yield number, [SPECIAL.get(cell.data_type, cell.value) for cell in cells]

    return Table(sheet.title, found.filled, rows, tuple(found.merged))


def _parsed(sheet: Any) -> Iterator[Any]:
    try:
        yield from sheet.iter_rows()
    except (ParseError, ValueError, KeyError, IndexError):
        raise NotASpreadsheet from None


def scan(path: Path, part: str, title: str) -> Scan:
    """Count the rows that hold something, and find merged cells, without building anything."""
    found, rest = Scan(), b""
    with zipfile.ZipFile(path) as package, package.open(part) as xml:
        while chunk := xml.read(CHUNK):
            *rows, rest = ROW_END.split(rest + chunk)
            found.filled += sum(FILLED.search(row) is not None for row in rows)
            if len(rest) > LARGEST_ROW:
                raise CellTooLarge(sheet=title, row=found.filled + 1)
    found.merged = [ref.decode() for ref in MERGED.findall(rest)]
    return found
