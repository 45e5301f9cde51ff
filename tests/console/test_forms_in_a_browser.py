"""The forms in a browser: few steps from the file to the receipt, and a mistake is no dead end."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import Look
from tests.console.county import County

pytestmark = pytest.mark.browser
NARROW, WIDE = 360, 1280
Axe = Callable[[Page], list[Any]]


class Hand:
    """Counts what a hand does: every press, every field that is typed into."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0

    def press(self, selector: str) -> None:
        self.steps += 1
        self.page.locator(selector).first.click()

    def type(self, selector: str, text: str) -> None:
        self.steps += 1
        self.page.locator(selector).press_sequentially(text)


def test_a_talk_is_four_steps_from_the_file_on_a_telephone(look: Look, county: County):
    hand = Hand(look(f"/cases/{county.case_id}", "teacher", NARROW))

    hand.press(f"a[href='/cases/{county.case_id}/new/talk']")
    hand.press("label.choice:has(input[name=mood][value=calm])")
    hand.type("#note", "想妈妈，约好周日视频。")
    hand.press("button.main")
    hand.page.wait_for_url("**/records/**")

    assert hand.steps == 4
    assert hand.page.locator("p.done").inner_text() != ""


def test_a_form_with_mistakes_is_accessible_in_both_languages_at_both_widths(
    look: Look, axe: Axe, county: County
):
    page = look(f"/cases/{county.case_id}/new/home_visit", "teacher", WIDE, tolerated=("422",))
    found = {}

    for lang in ("zh", "en"):
        page.context.add_cookies([{"name": "casefile_lang", "value": lang, "url": page.url}])
        page.goto(f"/cases/{county.case_id}/new/home_visit")
        page.locator("details.more summary").click()
        page.fill("[name='visitors.1.name']", "柳示例")
        page.fill("#occurred_on", "")
        page.click("form.record-form button.main")
        page.wait_for_selector("#summary")
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            if wrong := axe(page):
                found[lang, width] = wrong

    assert found == {}


def test_a_line_is_added_by_keyboard_and_without_script(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/new/home_visit", "teacher", java_script_enabled=False)
    page.locator("details.more summary").click()
    page.fill("[name='visitors.1.name']", "柳示例")

    page.locator("button[name=more][value=visitors]").focus()
    page.keyboard.press("Enter")

    expect(page.locator("[name='visitors.2.name']")).to_be_visible()
    expect(page.locator("[name='visitors.1.name']")).to_have_value("柳示例")


def test_evidence_is_named_by_the_hash_of_a_file_that_stays_where_it_is(
    look: Look, axe: Axe, county: County, tmp_path: Path
):
    photo = tmp_path / "visit.jpg"
    photo.write_bytes(b"not much of a photo")
    page = look(f"/cases/{county.case_id}/new/talk", "teacher", width=NARROW)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or ""))

    page.click("details.more > summary")
    page.set_input_files('input[data-fills="evidence.1."]', photo)
    expect(page.locator('[name="evidence.1.size"]')).to_have_value(str(photo.stat().st_size))
    wrong = axe(page)
    page.locator('input[name="mood"]').first.check()
    page.click("form.record-form button.main")

    expect(page.locator("p.done")).to_have_text("已登记。")
    expect(page.locator("main")).to_contain_text(sha256(photo.read_bytes()).hexdigest())
    expect(page.locator("main")).to_contain_text("照片")
    assert wrong == []
    assert not any("not much of a photo" in body for body in sent)


def test_without_script_the_hash_is_typed_in(look: Look, county: County):
    page = look(f"/cases/{county.case_id}/new/talk", "teacher", java_script_enabled=False)

    page.click("details.more > summary")

    expect(page.locator("[data-hashes]")).to_be_hidden()
    expect(page.locator('[name="evidence.1.sha256"]')).to_be_visible()


def test_a_session_is_held_by_unticking_who_was_missing_and_its_page_is_accessible(
    look: Look, axe: Axe
):
    page = look("/session", "teacher", NARROW)
    page.select_option("#session_kind", "class_meeting")
    page.locator("label.choice:has(input[name=present])").first.click()

    page.click("form.record-form button.main")
    page.wait_for_url("**/sessions/**")

    assert page.locator("ul.links").nth(1).locator("a.case").count() == 1
    assert axe(page) == []
