"""What only a browser can show: the slider, Back, the keyboard, and life without script or mouse."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from services.casefile.application.clock import day_in_china, system_clock
from tests.console.conftest import Look
from tests.console.county import County

pytestmark = pytest.mark.browser
TODAY = day_in_china(system_clock())


def slid(page: Page, steps: int) -> date:
    """The slider of what had happened, moved by so many days with the arrow key; its day."""
    slider = page.locator('input[type=range][data-of="as_of"]')
    slider.focus()
    for _ in range(steps):
        page.keyboard.press("ArrowLeft")
    return date.fromisoformat(page.locator("#as_of").input_value())


def test_the_slider_moves_the_date_the_page_and_the_address_together(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/timeline")
    expect(page.locator("ol.timeline")).to_contain_text("谈心")

    day = slid(page, 3)

    assert day == TODAY - timedelta(3)
    page.wait_for_url(re.compile(f"as_of={day}"))
    expect(page.locator("ol.timeline")).not_to_contain_text("谈心")
    expect(page.locator("form.moment-bar")).to_have_class(re.compile("past"))


def test_back_goes_back_through_the_days_that_were_looked_at(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/timeline")
    page.fill("#as_of", str(TODAY - timedelta(10)))
    page.wait_for_url(re.compile("as_of="))
    expect(page.locator("ol.timeline")).not_to_contain_text("谈心")

    page.go_back()

    expect(page.locator("ol.timeline")).to_contain_text("谈心")
    assert "as_of=" not in page.url
    page.go_forward()
    expect(page.locator("ol.timeline")).not_to_contain_text("谈心")
    assert slid(page, 1) == TODAY - timedelta(11)
    page.wait_for_url(re.compile(f"as_of={TODAY - timedelta(11)}"))


def test_without_script_the_moment_is_a_form_with_two_dates(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/timeline", java_script_enabled=False)

    page.fill("#as_of", str(TODAY - timedelta(10)))
    page.click("form.moment-bar button")

    assert f"as_of={TODAY - timedelta(10)}" in page.url
    expect(page.locator("ol.timeline")).not_to_contain_text("谈心")
    expect(page.locator('input[type="range"]').first).to_be_hidden()


def test_an_empty_date_is_not_a_question(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/timeline", java_script_enabled=False)

    page.click("form.moment-bar button")

    expect(page.locator("ol.timeline")).to_contain_text("谈心")
    expect(page.locator("form.moment-bar")).not_to_have_class(re.compile("past"))


def test_j_and_k_go_from_record_to_record_and_slash_to_the_case_number(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/timeline")
    focused = "document.activeElement.id"

    page.keyboard.press("j")
    first = page.evaluate(focused)
    page.keyboard.press("j")
    second = page.evaluate(focused)
    page.keyboard.press("k")
    again = page.evaluate(focused)
    page.keyboard.press("/")

    assert first != second
    assert again == first
    assert page.evaluate(focused) == "find"
    page.keyboard.type(str(county.case_id)[-8:])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(str(county.case_id)))


def test_the_first_tab_skips_to_the_content(look: Look):
    page = look("/roster")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def tabbed_to(page: Page, selector: str, most: int = 80) -> None:
    """Go there with Tab alone."""
    wanted = page.locator(selector).first
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {selector}")


def test_a_talk_is_recorded_by_keyboard_alone(look: Look, county: County):
    page = look(f"/cases/{county.case_id}", "teacher")

    tabbed_to(page, f'a[href="/cases/{county.case_id}/new"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/new$"))
    tabbed_to(page, 'a.button[href$="/new/talk"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/new/talk$"))
    tabbed_to(page, 'input[name="mood"]:checked')
    page.keyboard.press("ArrowDown")
    tabbed_to(page, "#note")
    page.keyboard.type("今天主动举手")
    tabbed_to(page, "form.record-form button.main")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("done=recorded"))

    expect(page.locator("main")).to_contain_text("今天主动举手")
    expect(page.locator("main")).to_contain_text("平静")


def test_a_form_with_a_mistake_says_so_first_and_leads_to_the_field(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/new/talk", "teacher", tolerated=("422",))
    page.fill("#minutes", "二十")

    page.click("form.record-form button.main")

    expect(page.locator("#summary")).to_be_focused()
    page.click("#summary a")
    expect(page.locator("#minutes")).to_have_value("二十")
    expect(page.locator("#minutes")).to_have_attribute("aria-invalid", "true")


def test_a_form_is_sent_without_script_too(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/new/family_call", "teacher", java_script_enabled=False)

    page.check('input[name="mode"] >> nth=0')
    page.check('input[name="connected"][value="yes"]')
    for box in page.locator('input[name="parties"]').all()[:1]:
        box.check()
    if page.locator('input[name="initiated_by"]').count():
        page.check('input[name="initiated_by"] >> nth=0')
    page.click("form.record-form button.main")

    expect(page.locator("p.done")).to_have_text("已登记。")


def test_printed_a_page_is_its_content(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/timeline")

    page.emulate_media(media="print")

    for hidden in (".top nav", ".find", ".files", ".chips"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("ol.timeline")).to_be_visible()
