"""Reports in the console: asked with a form, drawn at a cut, each figure leading to what answers it."""

import io
import json
import re
from html import unescape

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from playwright.sync_api import expect

from services.casefile.console.bars import naming, told_apart
from services.casefile.reports.report import Column, Share
from tests.console.asking import Somebody, text_of
from tests.console.conftest import Look
from tests.console.county import County

CUT = "position=1000"


@pytest.fixture(scope="module")
def operator(console_app: FastAPI) -> Somebody:
    return Somebody(console_app, "operator")


def test_the_list_shows_what_a_role_may_draw(inspector: Somebody, teacher: Somebody):
    for_inspector, for_teacher = inspector.read("/reports"), teacher.read("/reports")

    assert 'href="/reports/R9"' in for_inspector
    assert 'href="/reports/R9"' not in for_teacher
    assert teacher.get("/reports/R9?unit=c000").status_code == 403


def test_without_a_question_there_is_a_form_and_nothing_is_drawn(inspector: Somebody):
    page = inspector.read("/reports/R2")

    assert 'name="unit"' in page
    assert "<table" not in page


def test_a_report_shows_its_stamp_and_its_shares(inspector: Somebody):
    told = text_of(inspector.read(f"/reports/R7?unit=c000&{CUT}"))

    assert "位置 1000" in told
    assert re.search(r"\d+/\d+ \(\d+\.\d%\)", told)


def test_every_figure_of_the_summary_leads_to_what_answers_it(inspector: Somebody):
    page = inspector.read(f"/reports/R16?unit=c000&{CUT}")

    found = re.findall(r'<a href="(/reports/R[^"]+)"', page)
    links = {unescape(link) for link in found if "lang=" not in link}
    assert {re.match(r"/reports/(R\d+)", link).group(1) for link in links} >= {"R3", "R4", "R6"}
    assert all("position=1000" in link for link in links)
    assert {inspector.get(link).status_code for link in links} == {200}
    assert "五、下一步" in text_of(page)


def test_the_same_report_is_taken_away_in_every_form(inspector: Somebody):
    address = f"?unit=c000&{CUT}&purpose=inspection"

    table = inspector.get(f"/reports/R7.csv{address}")
    book = inspector.get(f"/reports/R7.xlsx{address}")
    data = inspector.get(f"/reports/R7.json{address}")
    paper = inspector.get(f"/reports/R7.pdf{address}")

    assert "监护类型" in table.content.decode("utf-8-sig")
    assert load_workbook(io.BytesIO(book.content)).sheetnames[0] == "说明"
    assert json.loads(data.content)["stamp"]["cut"]["position"] == 1000
    assert paper.content.startswith(b"%PDF-")
    assert inspector.get(f"/reports/R7.pdf{address}").content == paper.content


def test_the_callback_sheet_names_the_sample_and_whom_to_ask(inspector: Somebody, county: County):
    told = text_of(inspector.read(f"/reports/R14?inspection={county.inspection}"))
    refused = inspector.get(f"/reports/R14?inspection={county.inspection}&seed=never-drawn")

    assert "以种子20261120-3861从" in told
    assert "是否属实" in told
    assert refused.status_code == 404


def test_an_operator_sees_no_small_counts(operator: Somebody):
    told = text_of(operator.read(f"/reports/R7?unit=c000&{CUT}"))

    assert "小于5的数目" in told
    assert operator.get(f"/reports/R3?unit=c000&{CUT}").status_code == 403


def test_bars_are_named_by_what_tells_them_apart():
    bars = [(["五个清楚", "基本情况", unit], Share(1, 2)) for unit in ("青石镇", "柳湾镇")]

    named, title = told_apart(bars)

    assert [label for label, _ in named] == ["青石镇", "柳湾镇"]
    assert title == "五个清楚 · 基本情况"
    assert told_apart(bars[:1]) == ([("五个清楚 · 基本情况 · 青石镇", Share(1, 2))], "")
    assert told_apart([]) == ([], "")


def test_a_row_is_named_by_its_title_where_it_has_one():
    policy, version = Column("policy", "policy"), Column("version", "version")
    titled = (policy, version, Column("title", "title"), Column("share", "Share", "share"))

    assert [titled[n].name for n in naming(titled)] == ["title"]
    assert list(naming((policy, version))) == [0]


def test_the_chart_is_an_image_of_our_own(inspector: Somebody):
    chart = inspector.get(f"/reports/R7.svg?unit=c000&{CUT}")

    assert chart.headers["content-type"].startswith("image/svg+xml")
    assert chart.content.count(b'class="bar"') > 3
    assert b"<script" not in chart.content


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("R7?unit=nowhere", 422),
        ("R7?unit=c000&as_of=2999-01-01", 422),
        ("R7?unit=c000&known_at=1999-01-01", 404),
        ("R7?magic=1", 422),
        ("R99?unit=c000", 404),
        ("R15?unit=c000", 409),
    ],
)
def test_what_cannot_be_drawn_is_said_on_a_page(inspector: Somebody, asked: str, status: int):
    answer = inspector.get(f"/reports/{asked}")

    assert answer.status_code == status
    assert "<main" in answer.text


@pytest.mark.browser
def test_a_report_is_drawn_by_keyboard_and_without_script(look: Look, county: County):
    page = look("/reports", java_script_enabled=False)

    page.get_by_role("link", name="R7", exact=True).press("Enter")
    page.locator("#unit").fill("c000")
    page.locator("#unit").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("R7")
    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.locator("img.chart")).to_be_visible()
