"""Writes a report as a file in one of the formats, and says how many rows it has and its hash."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal, cast, get_args

import msgspec

from services.casefile.exporting.delimited import write_csv
from services.casefile.exporting.lines import write_json, write_lines
from services.casefile.exporting.marking import Mark
from services.casefile.exporting.workplaces import private
from services.casefile.labels import Labels, Locale, labels
from services.casefile.reports.report import Report

Format = Literal["pdf", "xlsx", "csv", "jsonl", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA: dict[Format, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "json": "application/json",
}
CHUNK = 1 << 20
Write = Callable[[Report, Labels, Mark | None, BinaryIO], int]


class Rendered(msgspec.Struct, frozen=True):
    """A file that has been written."""

    format: Format
    rows: int
    size: int
    sha256: str


def render(
    report: Report,
    form: Format,
    locale: Locale,
    path: Path,
    *,
    mark: Mark | None = None,
    fonts: Path | None = None,
) -> Rendered:
    """Write the file. The same report and mark give the same bytes, whenever it is done."""
    with open(path, "wb", opener=private) as file:
        rows = writer(form, locale, fonts)(report, labels(locale), mark, cast(BinaryIO, file))
    return Rendered(form, rows, path.stat().st_size, digest(path))


def writer(form: Format, locale: Locale, fonts: Path | None) -> Write:
    """Paper and workbooks are loaded when somebody asks for them."""
    if form == "pdf":
        from services.casefile.exporting.paper import write_pdf

        return partial(write_pdf, locale=locale, fonts=fonts)
    if form == "xlsx":
        from services.casefile.exporting.workbook import write_workbook

        return write_workbook
    return {"csv": write_csv, "jsonl": write_lines, "json": write_json}[form]


def digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()
