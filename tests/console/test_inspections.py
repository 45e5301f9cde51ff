"""An inspector and a teacher at work in the browser, with nothing but links, forms and a keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.console.conftest import Look
from tests.console.county import County

pytestmark = pytest.mark.browser


def test_an_inspection_is_opened_drawn_and_minuted_without_script(look: Look, county: County):
    page = look("/inspections", java_script_enabled=False)

    page.get_by_role("link", name="检查立项").click()
    page.fill("#unit", "c000")
    page.fill("#ordered_by", "c000")
    page.select_option("#inspection_kind", "spot_check")
    page.get_by_label("年度计划").check()
    page.fill("#since", "2026-01-01")
    page.get_by_role("button", name="检查立项").click()
    page.get_by_role("link", name="随机抽样").click()
    page.fill("#seed", "seed-of-the-day")
    page.get_by_label("掷骰").check()
    page.fill("#sample_size", "3")
    page.get_by_role("button", name="抽样").click()

    expect(page.get_by_text("seed-of-the-day")).to_be_visible()
    page.get_by_role("link", name="重新抽一次").click()
    expect(page.get_by_role("status")).to_contain_text("完全一致")
    page.get_by_role("link", name="纪要").click()
    expect(page.get_by_text("抽取档案 3 份")).to_be_visible()


def test_a_sample_that_is_too_large_says_so_and_loses_nothing(look: Look, county: County):
    path = f"/inspections/{county.inspection}/sample"
    page = look(path)
    hidden = {
        name: page.locator(f"main [name={name}]").first.input_value()
        for name in ("form_token", "record_id", "occurred_on")
    }

    lots = {"seed": "too-many", "seed_source": "dice", "sample_size": "4000"}
    answer = page.request.post(path, form=hidden | lots)

    assert answer.status == 422
    assert "少于要抽取的人数" in answer.text()
    assert 'value="too-many"' in answer.text()


def test_a_record_is_examined_from_the_sheet(look: Look, county: County):
    page = look(f"/inspections/{county.inspection}/examination-sheet?limit=50")
    row = page.locator(f"#c{county.case_id} tbody tr").filter(has_text="谈心").first

    row.get_by_role("link", name="核查").click()
    page.get_by_label("一致", exact=True).check()
    page.select_option("#against", "paper_card")
    page.get_by_role("button", name="逐条核查").click()

    page.wait_for_url("**/examination-sheet*")
    expect(page.locator(f"#c{county.case_id}")).to_contain_text("一致")


def test_a_teacher_reads_what_is_about_her_and_says_what_she_put_right(look: Look, county: County):
    page = look("/", "teacher")

    page.get_by_role("link", name="发现的问题").click()
    page.locator("tbody a").first.click()
    expect(page.locator("main")).to_contain_text("记录与儿童说法不符")
    page.get_by_role("link", name="报告整改").click()
    page.select_option("#measure", "record_corrected")
    page.fill("#text", "已更正记录")
    page.get_by_role("button", name="整改记录").click()

    expect(page.locator("main")).to_contain_text("已报整改")
    assert page.request.get("/inspections").status == 403


def test_the_minutes_are_taken_away_as_pdf(look: Look, county: County):
    page = look(f"/inspections/{county.inspection}/minutes")

    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()

    path = download.value.path()
    assert path.read_bytes().startswith(b"%PDF")
    assert "纪要" in text_of(path)


def text_of(path: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(path).pages)
