"""Text files, other people's spreadsheets, and cells as spreadsheets leave them behind."""

from datetime import date
from pathlib import Path

import pytest

from services.casefile.composition import Parts
from services.casefile.importing.mapping import read_mapping
from services.casefile.importing.refusals import FieldUnknown, MappingWrong
from services.casefile.importing.report import write_report
from tests.casefile.importing.ledgers import (
    TALK_HEADER,
    imported,
    ledger,
    name,
    places,
    register_no,
    roster_row,
    sheet,
    text,
)

ROW = (register_no(0), name(0), "2026-10-08", "学校", "想念父母")


@pytest.fixture
def enrolled(casefile: Parts, tmp_path: Path) -> Parts:
    imported(casefile, ledger(tmp_path / "roster.xlsx", opening=[roster_row(0)]))
    return casefile


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_file_is_read_in_any_common_encoding(
    enrolled: Parts, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = text(tmp_path / "谈心.csv", TALK_HEADER, ROW, encoding=encoding, delimiter=delimiter)

    assert imported(enrolled, path).stored == 1


def test_a_text_file_is_told_what_it_holds(enrolled: Parts, tmp_path: Path) -> None:
    path = text(tmp_path / "export-17.csv", TALK_HEADER, ROW)

    assert imported(enrolled, path, sheets=("talk",)).stored == 1


def test_text_and_workbook_say_the_same(enrolled: Parts, tmp_path: Path) -> None:
    imported(
        enrolled,
        sheet(tmp_path / "l.xlsx", "谈心", TALK_HEADER, (*ROW[:2], date(2026, 10, 8), *ROW[3:])),
    )

    outcome = imported(enrolled, text(tmp_path / "talk.csv", TALK_HEADER, ROW))

    assert (outcome.stored, outcome.unchanged) == (0, 1)


def test_a_formula_is_refused_by_its_cell(enrolled: Parts, tmp_path: Path) -> None:
    row = (*ROW[:2], "=TODAY()", *ROW[3:])

    outcome = imported(enrolled, sheet(tmp_path / "l.xlsx", "谈心", TALK_HEADER, row, ROW))

    assert places(outcome.problems) == [("谈心", 2, "发生日期")]
    assert "C2" in outcome.problems[0].what
    assert outcome.stored == 1


def test_a_rounded_identity_number_is_explained(casefile: Parts, tmp_path: Path) -> None:
    header = ("姓名", "性别", "出生日期", "儿童类型", "村(居)", "身份证号码", "发生日期")
    row = (name(0), "女", "2015-03-01", "留守儿童", "village-1", 990101201503011222, "2026-09-01")

    outcome = imported(casefile, sheet(tmp_path / "l.xlsx", "儿童名册", header, row))

    assert places(outcome.problems) == [("儿童名册", 2, "身份证号码")]
    assert "1.1E+17" in outcome.problems[0].what


def test_a_note_of_a_megabyte_is_refused_by_its_row(enrolled: Parts, tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    text(path, TALK_HEADER, (*ROW[:4], "长" * 100_000), ROW)

    outcome = imported(enrolled, path)

    assert places(outcome.problems) == [("talk", 2, "备注")]
    assert outcome.stored == 1


def test_a_mapping_file_reads_a_foreign_spreadsheet(enrolled: Parts, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        """
        [sheets."谈心谈话记录"]
        kind = "talk"
        header_row = 2

        [sheets."谈心谈话记录".columns]
        "学号" = "child.school_register_no"
        "学生" = "child.name"
        "时间" = "发生日期"
        "序号" = ""

        [sheets."谈心谈话记录".values.place]
        "操场" = "school"

        [sheets."谈心谈话记录".fixed]
        performed_by = "t-101"
        minutes = 20

        [sheets."封面"]
        skip = true
        """,
        encoding="utf-8",
    )
    path = sheet(
        tmp_path / "l.xlsx",
        "谈心谈话记录",
        ("谈心谈话记录表",),
        ("序号", "学号", "学生", "时间", "地点"),
        (1, register_no(0), name(0), "2026.10.8", "操场"),
    )

    outcome = imported(enrolled, path, mapping=read_mapping(mapping))

    assert outcome.problems == []
    talk = enrolled.streams.fresh(
        enrolled.identities.case_of(school_register_no=register_no(0))
    ).entries[-1]
    assert (talk.rec.place, talk.rec.minutes, talk.env.performed_by.staff) == (
        "school",
        20,
        "t-101",
    )


@pytest.mark.parametrize(
    "content",
    ["sheets = 3", '[sheets."a"]\nkindd = "talk"', "[sheets", '[sheets."a"]\nheader_row = 0'],
)
def test_a_mapping_file_of_the_wrong_form_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(MappingWrong):
        read_mapping(path)


def test_a_mapping_to_an_unknown_field_is_refused_with_the_nearest(
    enrolled: Parts, tmp_path: Path
) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[sheets."谈心".columns]\n"时长" = "minute"', encoding="utf-8")

    with pytest.raises(FieldUnknown) as caught:
        imported(
            enrolled,
            sheet(tmp_path / "l.xlsx", "谈心", TALK_HEADER, ROW),
            mapping=read_mapping(mapping),
        )

    assert "minutes" in str(caught.value)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_was_wrong_is_written_to_a_table(enrolled: Parts, tmp_path: Path, suffix: str) -> None:
    outcome = imported(
        enrolled, sheet(tmp_path / "l.xlsx", "谈心", TALK_HEADER, (*ROW[:2], "昨天", *ROW[3:]))
    )
    path = tmp_path / f"report.{suffix}"

    write_report(path, outcome)

    content = path.read_bytes()
    assert content.startswith(b"PK") or "发生日期" in content.decode("utf-8-sig")
