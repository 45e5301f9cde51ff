"""Files that are refused as a whole: clearly, and before anything of them is stored."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from services.casefile.composition import Parts
from services.casefile.importing import refusals
from services.casefile.labels import labels
from tests.casefile.importing.ledgers import (
    TALK_HEADER,
    events,
    imported,
    ledger,
    name,
    register_no,
    sheet,
    small_ledger,
    text,
)

ROW = (register_no(0), name(0), date(2026, 10, 8), "学校", "想念父母")


def refused(untouched: Parts, path: Path, refusal: type[refusals.LedgerRefused], **options) -> str:
    """The refusal in Chinese, after making sure that nothing was stored."""
    before = events(untouched)
    with pytest.raises(refusal) as caught:
        imported(untouched, path, **options)
    assert events(untouched) == before
    what, remedy = caught.value.told(labels("zh"))
    assert remedy
    assert not what.isascii()
    assert "{" not in what + remedy + str(caught.value)
    return what


def test_a_file_that_is_not_there_is_refused(untouched: Parts, tmp_path: Path) -> None:
    assert "none.xlsx" in refused(untouched, tmp_path / "none.xlsx", refusals.NoSuchLedger)


def test_a_protected_workbook_is_refused(untouched: Parts, tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(OLE + b"\0" * 1024 + "EncryptedPackage".encode("utf-16-le"))

    refused(untouched, path, refusals.PasswordProtected)


def test_a_workbook_of_the_old_kind_is_refused(untouched: Parts, tmp_path: Path) -> None:
    path = tmp_path / "ledger.xls"
    path.write_bytes(OLE + b"\0" * 1024 + "Workbook".encode("utf-16-le"))

    refused(untouched, path, refusals.OldSpreadsheet)


def test_another_archive_is_refused(untouched: Parts, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ledger.xlsx", "w") as package:
        package.writestr("word/document.xml", "<document/>")

    refused(untouched, tmp_path / "ledger.xlsx", refusals.NotASpreadsheet)


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\x89PNG\r\n\x1a\n\0\0", b"\0\0\0\0"])
def test_what_is_no_spreadsheet_is_refused(untouched: Parts, tmp_path: Path, content) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(content)

    refused(untouched, path, refusals.NotASpreadsheet)


def test_a_damaged_workbook_is_refused(untouched: Parts, tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx")
    content = bytearray(path.read_bytes())
    start = content.index(b"xl/worksheets/sheet4.xml") + 200
    content[start : start + 400] = b"\0" * 400
    path.write_bytes(content)

    refused(untouched, path, refusals.NotASpreadsheet)


def test_an_empty_template_is_refused(untouched: Parts, tmp_path: Path) -> None:
    refused(untouched, ledger(tmp_path / "ledger.xlsx"), refusals.EmptyLedger)


@pytest.mark.parametrize("content", ["", "\n\n", "儿童学籍号,儿童姓名,发生日期\n"])
def test_an_empty_text_file_is_refused(untouched: Parts, tmp_path: Path, content: str) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(content, encoding="utf-8")

    refused(untouched, path, refusals.EmptyLedger)


def test_unknown_and_missing_headings_are_named_with_what_they_may_mean(
    untouched: Parts, tmp_path: Path
) -> None:
    header = ("儿童学籍号", "儿童姓名", "发生日其", "地点", "备注")

    what = refused(untouched, sheet(tmp_path / "l.xlsx", "谈心", header, ROW), refusals.WrongHeader)

    assert "C (发生日其 → 发生日期?)" in what
    assert "缺少的列：发生日期" in what


def test_a_first_row_of_data_is_not_repeated_as_unknown_headings(
    untouched: Parts, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "l.xlsx", "谈心", ROW, ROW)

    what = refused(untouched, path, refusals.NotAHeader)

    assert name(0) not in what
    assert register_no(0) not in what


def test_a_number_among_the_headings_is_not_repeated(untouched: Parts, tmp_path: Path) -> None:
    path = sheet(tmp_path / "l.xlsx", "谈心", (*TALK_HEADER, register_no(0)), ROW)

    what = refused(untouched, path, refusals.WrongHeader)

    assert "F" in what
    assert register_no(0) not in what


def test_two_columns_for_the_same_are_refused(untouched: Parts, tmp_path: Path) -> None:
    path = sheet(tmp_path / "l.xlsx", "谈心", (*TALK_HEADER, "note"), (*ROW, "再见"))

    assert "E (备注), F (note)" in refused(untouched, path, refusals.DuplicateHeaders)


def test_merged_cells_are_named(untouched: Parts, tmp_path: Path) -> None:
    path = sheet(tmp_path / "l.xlsx", "谈心", TALK_HEADER, ROW, ROW, merged="B3:B5")

    assert "B3:B5" in refused(untouched, path, refusals.MergedCells)


def test_a_sheet_that_nobody_knows_is_refused_with_the_nearest(
    untouched: Parts, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "l.xlsx", "家访记录", TALK_HEADER, ROW)

    assert "家访" in refused(untouched, path, refusals.UnknownSheet)


def test_a_chosen_sheet_that_is_not_there_is_refused(untouched: Parts, tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "ledger.xlsx")

    refused(untouched, path, refusals.UnknownSheet, sheets=("家长会",))


def test_more_rows_than_a_ledger_may_have_are_refused(untouched: Parts, tmp_path: Path) -> None:
    path = text(tmp_path / "talk.csv", TALK_HEADER, *([["x"]] * 200_001))

    assert "200000" in refused(untouched, path, refusals.TooManyRows)


def test_a_text_file_with_a_giant_cell_is_refused(untouched: Parts, tmp_path: Path) -> None:
    path = text(tmp_path / "talk.csv", TALK_HEADER, (*ROW[:4], "长" * 1_000_000))

    assert "第 2 行" in refused(untouched, path, refusals.CellTooLarge)


def test_an_unreadable_encoding_is_refused(untouched: Parts, tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_bytes(b"\xff\xff\x80\x80,\xff\n")

    refused(untouched, path, refusals.UnknownEncoding)


def test_days_counted_from_1904_are_refused(untouched: Parts, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "l.xlsx"), {"date_1904": True}) as book:
        book.add_worksheet("谈心").write_row(0, 0, TALK_HEADER)

    refused(untouched, tmp_path / "l.xlsx", refusals.OldMacDates)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
