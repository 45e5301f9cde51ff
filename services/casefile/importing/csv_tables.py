"""A text file as a table: UTF-8, GB18030 or UTF-16, separated by comma, semicolon or tab."""

import csv
from collections.abc import Iterator
from pathlib import Path

from services.casefile.importing.refusals import CellTooLarge, UnknownEncoding
from services.casefile.importing.tables import NumberedRow, Table, is_blank

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t"
CHUNK = 1 << 20


def csv_table(path: Path) -> Table:
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)

    def rows() -> Iterator[NumberedRow]:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            yield from enumerate(reader, start=1)

    return Table(path.stem, _filled(path, rows()), rows)


def _filled(path: Path, rows: Iterator[NumberedRow]) -> int:
    """How many rows hold something; reads all, so that nothing is found out half-way."""
    read, filled = 0, 0
    try:
        for _, cells in rows:
            read += 1
            filled += not is_blank(cells)
    except csv.Error:
        raise CellTooLarge(sheet=path.stem, row=read + 1) from None
    return filled


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    for encoding in ENCODINGS:
        if _decodes(path, encoding):
            return encoding
    raise UnknownEncoding


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(CHUNK):
                pass
    except UnicodeError:
        return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(CHUNK)
    return max(DELIMITERS, key=first.count)
