"""Opens a file by what it is, not by what it is called: workbook, text, or a clear refusal."""

import zipfile
import zlib
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
ENCRYPTED_MEMBER = 1
MOST_BYTES = 2 << 30
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
            _refuse_members(package)
            is_damaged = package.testzip() is not None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        raise NotASpreadsheet from None
    if is_damaged:
        raise NotASpreadsheet


def _refuse_members(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    if WORKBOOK not in (info.filename for info in members):
        raise NotASpreadsheet
    if any(info.flag_bits & ENCRYPTED_MEMBER for info in members):
        raise PasswordProtected
    if sum(info.file_size for info in members) > MOST_BYTES:
        raise NotASpreadsheet
