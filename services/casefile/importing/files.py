"""Opens a file by what it is, not by what it is called: workbook, text, or a clear refusal."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.casefile.importing.csv_tables import csv_table
from services.casefile.importing.refusals import (
    NoSuchLedger,
    NotASpreadsheet,
    OldSpreadsheet,
    PasswordProtected,
)
from services.casefile.importing.tables import Table
from services.casefile.importing.xlsx_tables import opened_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WORKBOOK = "xl/workbook.xml"
OLE_READ = 64 * 1024 * 1024
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@contextmanager
def opened_tables(path: Path) -> Iterator[list[Table]]:
    """The tables of the file, as long as it is open."""
    start = _start(path)
    if start.startswith(OLE):
        raise PasswordProtected if _is_encrypted(path) else OldSpreadsheet
    if start.startswith(ZIP):
        _refuse_other_packages(path)
        with opened_workbook(path) as tables:
            yield tables
        return
    if b"\0" in start and not start.startswith(UTF_16):
        raise NotASpreadsheet
    yield [csv_table(path)]


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError:
        raise NoSuchLedger(path=path.name) from None


def _is_encrypted(path: Path) -> bool:
    """An encrypted workbook is an old container with the real one inside."""
    with path.open("rb") as file:
        return ENCRYPTED in file.read(OLE_READ)


def _refuse_other_packages(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            members = {info.filename: info for info in package.infolist()}
    except (zipfile.BadZipFile, OSError):
        raise NotASpreadsheet from None
    if WORKBOOK not in members:
        raise NotASpreadsheet
    if any(info.flag_bits & 1 for info in members.values()):
        raise PasswordProtected
