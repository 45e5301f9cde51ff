"""A table of people, as an office keeps it: CSV in; entries, or what is wrong with which row, out."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import msgspec
from pydantic import ValidationError

from services.notifications.directory.entries import Entry, StaffId
from services.notifications.refusals import Refused

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 10_000
MOST = 200
# What an office may call a column.
HEADINGS = {
    "工号": "staff", "语言": "locale", "渠道": "channels", "免打扰开始": "quiet_from",
    "免打扰结束": "quiet_until", "摘要时间": "digest_at", "缺勤开始": "absent_from",
    "缺勤结束": "absent_until", "代理人": "stand_in",
}  # fmt: skip
COLUMNS = tuple(HEADINGS.values())


class RowFault(msgspec.Struct, frozen=True):
    """Something wrong in a row, as it is counted in the file; the heading is row 1."""

    row: int
    column: str
    problem: str


class TableNotReadable(Refused):
    """The file is not a table of people."""

    remedy = "Send CSV in UTF-8 or GB18030 with a heading; `staff` is the one column it needs."


class RowsNotUsable(Refused):
    """Some rows cannot be taken in, so none was."""

    remedy = "Mend the rows that are named, then send the whole file again."

    def __init__(self, faults: list[RowFault]) -> None:
        self.faults = faults[:MOST]
        super().__init__(faults=len(faults), row=faults[0].row)


class _Row(Entry):
    staff: StaffId


def read_people(content: bytes) -> list[tuple[str, Entry]]:
    """All rows, or `RowsNotUsable` with every fault; no value is repeated in it."""
    faults: list[RowFault] = []
    found: dict[str, Entry] = {}
    for number, cells in _rows(content):
        try:
            row = _Row.model_validate(_values(cells))
        except ValidationError as error:
            faults += [_fault(number, detail) for detail in error.errors(include_input=False)]
            continue
        if row.staff in found:
            faults.append(RowFault(number, "staff", "this person is in an earlier row too"))
        elif row.stand_in == row.staff:
            faults.append(RowFault(number, "stand_in", "nobody stands in for themselves"))
        found[row.staff] = Entry(**row.model_dump(exclude={"staff"}))
    if faults:
        raise RowsNotUsable(faults)
    return list(found.items())


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        heading = [HEADINGS.get(cell.strip(), cell.strip().lower()) for cell in next(reader, [])]
        if "staff" not in heading or len(set(heading)) < len(heading):
            raise TableNotReadable
        if unknown := [n for n, name in enumerate(heading, 1) if name not in COLUMNS]:
            raise TableNotReadable(unknown_columns=unknown[:10])
        for count, cells in enumerate(reader):
            if count >= MAX_ROWS:
                raise TableNotReadable(most_rows=MAX_ROWS)
            if any(cell.strip() for cell in cells):
                yield count + 2, dict(zip(heading, (c.strip() for c in cells), strict=False))
    except csv.Error:
        raise TableNotReadable(row=reader.line_num) from None


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise TableNotReadable(most_bytes=MAX_BYTES)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableNotReadable


def _values(cells: dict[str, str]) -> dict[str, Any]:
    """Empty cells are not set; channels are written `smtp:somebody@example.org; wecom:https://…`."""
    given: dict[str, Any] = {name: cell for name, cell in cells.items() if cell}
    if "channels" in given:
        parts = (part.strip() for part in given["channels"].replace("；", ";").split(";"))
        split = (part.partition(":") for part in parts if part)
        given["channels"] = [{"channel": n.strip(), "address": a.strip()} for n, _, a in split]
    return given


def _fault(number: int, detail: Any) -> RowFault:
    where = ".".join(str(part) for part in detail["loc"]) or "row"
    return RowFault(number, where, str(detail["msg"]))
