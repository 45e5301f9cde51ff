"""A report as a file: what somebody typed stays text, nothing is lost, and nothing is left out."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from services.casefile.exporting.fonts import NoChineseFont, typeface
from services.casefile.exporting.marking import Mark
from services.casefile.exporting.paper import MOST_ROWS, TooLongForPaper
from services.casefile.exporting.rendering import FORMATS, Format, Rendered, render
from services.casefile.labels import labels
from services.casefile.reports.report import (
    Column,
    Cut,
    Figure,
    Paragraph,
    Report,
    Row,
    Scope,
    Share,
    Stamp,
    Suppressed,
    Table,
)

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
CASE = UUID("0193a1c0-5b7e-7c3a-9f00-6d2f4a1b0c01")
COLUMNS = (
    Column("case", "Case", "case"),
    Column("occurred_on", "Happened on", "day"),
    Column("kind", "Kind", "code"),
    Column("note", "Note"),
    Column("records", "Records", "count"),
    Column("granted", "Granted (yuan)", "fen"),
    Column("share", "Children", "share"),
)
MARK = Mark(staff="i-901", purpose="inspection", at=AT)


def line(note: str = "安", **fields: Any) -> Row:
    said = {"count": 3, "fen": 1_234_56, "share": Share(17, 155)} | fields
    return (CASE, date(2026, 11, 19), "talk", note, said["count"], said["fen"], said["share"])


def report(*rows: Row, **fields: Any) -> Report:
    stamp = Stamp(
        report="R2", definition=1, cut=Cut(date(2026, 11, 20), 4711, AT),
        scope=Scope(unit="county-1"), policies=(("school-default", 3),), children=250,
    )  # fmt: skip
    table = Table(name="rows", title="Records", columns=COLUMNS, rows=iter(rows))
    return Report(**({"stamp": stamp, "title": "Missed obligations", "tables": (table,)} | fields))


def made(folder: Path, form: Format, drawn: Report, **options: Any) -> tuple[bytes, Rendered]:
    path = folder / f"file.{form}"
    rendered = render(drawn, form, options.pop("locale", "zh"), path, mark=MARK, **options)
    return path.read_bytes(), rendered


def pages(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def text_of(content: bytes, form: Format) -> str:
    if form == "pdf":
        return pages(content)
    if form == "xlsx":
        book = load_workbook(io.BytesIO(content))
        cells = (c.value for sheet in book for row in sheet.iter_rows() for c in row)
        return "\n".join(str(value) for value in cells if value is not None)
    return content.decode("utf-8-sig")


@pytest.mark.parametrize("form", FORMATS)
def test_every_file_says_what_it_takes_to_draw_it_again(tmp_path: Path, form: Format):
    content, rendered = made(tmp_path, form, report(line()))

    told = text_of(content, form)
    for needed in ("4711", "county-1", "school-default", "i-901"):
        assert needed in told, needed
    assert rendered.rows == 1


@pytest.mark.parametrize("form", FORMATS)
def test_no_rows_is_a_file_that_says_so(tmp_path: Path, form: Format):
    content, rendered = made(tmp_path, form, report())

    assert rendered.rows == 0
    told = text_of(content, form)
    assert "没有符合条件的记录" in told or '"rows":0' in told or '"rows":[]' in told


FORMULAS = ('=HYPERLINK("http://x")', "+1", "-1", "@SUM(1)", "\tx", "＝1")


@pytest.mark.parametrize("note", FORMULAS)
def test_a_formula_in_a_note_stays_text_in_a_csv(tmp_path: Path, note: str):
    content, _ = made(tmp_path, "csv", report(line(note)))

    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))

    [found] = [each for each in lines if each and each[0] == str(CASE)]
    assert found[3] == f"'{note}"
    assert content.startswith(b"\xef\xbb\xbf")
    assert all(part.startswith('"') for part in content.decode("utf-8-sig").splitlines() if part)


@pytest.mark.parametrize("note", FORMULAS)
def test_a_formula_in_a_note_stays_text_in_a_workbook(tmp_path: Path, note: str):
    content, _ = made(tmp_path, "xlsx", report(line(note)))

    sheet = load_workbook(io.BytesIO(content)).worksheets[1]

    cell = sheet["D2"]
    assert (cell.data_type, cell.value) == ("s", note)
    assert (sheet["E2"].value, sheet["F2"].value, sheet["G2"].value) == (
        3, 1234.56, "17/155 (11.0%)",
    )  # fmt: skip


def test_a_character_excel_cannot_open_is_shown_as_lost(tmp_path: Path):
    content, _ = made(tmp_path, "xlsx", report(line("a\x01b\x00c")))

    assert load_workbook(io.BytesIO(content)).worksheets[1]["D2"].value == "a�b�c"


def test_markup_in_a_note_is_printed_as_it_was_typed(tmp_path: Path):
    note = '#panic() *bold* #read("/etc/passwd") $x$ <b>'

    content, _ = made(tmp_path, "pdf", report(line(note)))

    told = "".join(pages(content).split())
    assert "".join(note.split()) in told


def test_a_name_outside_the_font_has_its_code_point_beside_the_box(tmp_path: Path):
    rare, known = "\U000313bc", "䶮㛃𬭚"

    content, _ = made(tmp_path, "pdf", report(line(f"{known}{rare}😀")))

    told = "".join(pages(content).split())
    assert "[U+313BC]" in told
    assert "[U+1F600]" in told
    assert known in told


def test_coverage_is_what_the_font_itself_says():
    face = typeface()

    assert all(c in face.coverage for c in "留守儿童䶮㛃𬭚𬬭𫰛Aa1")
    assert "\U000313bc" not in face.coverage
    assert all(a.last < b.first for a, b in pairwise(face.coverage.ranges))
    assert face.set("plain") == "plain"


def test_without_a_chinese_font_there_is_no_pdf_and_a_way_out(tmp_path: Path):
    with pytest.raises(NoChineseFont) as refused:
        made(tmp_path, "pdf", report(line()), fonts=tmp_path)

    assert "fonts-noto-cjk" in refused.value.remedy
    assert made(tmp_path, "csv", report(line()), fonts=tmp_path)[1].rows == 1


def test_a_dossier_brings_its_events_along_as_pdf_a(tmp_path: Path):
    events = [{"kind": "talk", "version": 3, "note": "想妈妈。"}]
    drawn = report(line(), data={"events": events, "signatures": ("Checked by",)})

    content, _ = made(tmp_path, "pdf", drawn)

    reader = PdfReader(io.BytesIO(content))
    [attached] = reader.attachments["events.jsonl"]
    assert [json.loads(each) for each in attached.splitlines()] == events
    assert reader.xmp_metadata is not None
    assert b"pdfaid:part>3<" in content
    assert "复核人" in pages(content)


def test_the_pdf_bears_the_moment_of_the_cut_and_not_of_now(tmp_path: Path):
    content, _ = made(tmp_path, "pdf", report(line()))

    information = PdfReader(io.BytesIO(content)).metadata
    assert information is not None
    assert information.creation_date == AT


def test_too_many_rows_for_paper_are_refused_and_taken_as_a_workbook(tmp_path: Path):
    rows = [line()] * (MOST_ROWS + 1)

    with pytest.raises(TooLongForPaper):
        made(tmp_path, "pdf", report(*rows))

    assert made(tmp_path, "csv", report(*rows))[1].rows == MOST_ROWS + 1


def test_lines_are_for_programs_codes_stay_codes_and_numbers_numbers(tmp_path: Path):
    content, _ = made(tmp_path, "jsonl", report(line(), line(share=Suppressed(5))))

    first, _, one, two, last = [json.loads(each) for each in content.splitlines()]
    assert first["stamp"]["cut"]["position"] == 4711
    assert (one["cells"]["kind"], one["cells"]["granted"]) == ("talk", 123456)
    assert one["cells"]["share"] == {"n": 17, "of": 155, "percent": 11.0}
    assert two["cells"]["share"] == {"below": 5}
    assert last == {"line": "end", "rows": 2}


def test_json_is_one_document_with_a_line_for_every_row(tmp_path: Path):
    content, rendered = made(tmp_path, "json", report(line("一"), line("二")))

    [table] = json.loads(content)["tables"]
    assert [row["note"] for row in table["rows"]] == ["一", "二"]
    assert (content.decode().splitlines()[-1].count("二"), rendered.rows) == (1, 2)


def test_a_sentence_is_filled_in_either_language(tmp_path: Path):
    said = Paragraph(
        heading="I. The children",
        text="{checks} health checks were done, for {checked} of the children; {abnormal} found "
        "something.",
        figures=(
            Figure(name="checks", value=12),
            Figure(name="checked", value=Share(9, 10)),
            Figure(name="abnormal", value=0),
        ),
    )

    chinese, _ = made(tmp_path, "csv", report(paragraphs=(said,)))
    english, _ = made(tmp_path, "csv", report(paragraphs=(said,)), locale="en")

    assert "体检12人次，覆盖9/10 (90.0%)；发现异常0人次。" in chinese.decode()
    assert "12 health checks were done, for 9/10 (90.0%) of the children" in english.decode()


def test_a_value_reads_by_what_its_own_row_is_about(tmp_path: Path):
    columns = (Column("dimension", "Dimension", "code"), Column("value", "Value", "code"))
    rows = [("care_level", "high"), ("sex", "female"), ("care_level", "high"), ("boarding", "none")]
    table = Table(name="rows", title="Records", columns=columns, rows=rows)

    content, _ = made(tmp_path, "csv", report(tables=(table,)))

    words, lines = labels("zh"), list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    fields = ("level", "sex", "level", "boarding")
    wanted = [words.code(field, row[1]) for field, row in zip(fields, rows, strict=True)]
    assert [line[1] for line in lines if len(line) == 2][-4:] == wanted


def test_a_table_on_paper_has_no_lines_between_its_columns(tmp_path: Path):
    content, _ = made(tmp_path, "pdf", report(line(), line()))

    drawn = PdfReader(io.BytesIO(content)).pages[0].get_contents()
    assert drawn is not None
    strokes = re.findall(rb"([-\d.]+) ([-\d.]+) m\s+([-\d.]+) ([-\d.]+) l", drawn.get_data())
    assert strokes
    assert all(from_x != to_x for from_x, _, to_x, _ in strokes)
