"""An inspector and a teacher at work in the browser, with nothing but links, forms and a keyboard."""

import pytest
from playwright.sync_api import expect

from tests.console.conftest import Look
from tests.console.county import County

pytestmark = pytest.mark.browser


def test_an_inspection_is_opened_drawn_and_minuted_without_script(look: Look, county: County):
    page = look("/inspections", java_script_enabled=False)

    page.get_by_role("link", name="检查立项").click()
    page.get_by_label("单位 必填").fill("c000")
    page.get_by_label("组织检查的单位").fill("c000")
    page.get_by_label("检查类型").select_option("spot_check")
    page.get_by_label("依据").select_option("annual_plan")
    page.get_by_label("起始时间").fill("2026-01-01")
    page.get_by_role("button", name="检查立项").click()
    page.get_by_role("link", name="随机抽样").click()
    page.get_by_label("随机种子").fill("seed-of-the-day")
    page.get_by_label("种子来源").get_by_label("掷骰").check()
    page.get_by_label("样本量").fill("3")
    page.get_by_role("button", name="抽样").click()

    expect(page.get_by_text("seed-of-the-day")).to_be_visible()
    page.get_by_role("link", name="重新抽一次").click()
    expect(page.get_by_role("status")).to_contain_text("完全一致")
    page.get_by_role("link", name="纪要").click()
    expect(page.get_by_text("抽取档案 3 份")).to_be_visible()
