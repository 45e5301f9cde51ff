"""What every page keeps to: accessible in both languages at both widths, light, and without script."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.console.addresses import PAGES, filled
from tests.console.conftest import Look
from tests.console.county import County

pytestmark = pytest.mark.browser
NARROW, WIDE = 360, 1280
HEAVIEST = 150 * 1024
EVERY = pytest.mark.parametrize(("path", "role"), PAGES, ids=[f"{r}:{p}" for p, r in PAGES])
Axe = Callable[[Page], list[Any]]


@EVERY
def test_axe_finds_nothing_in_either_language_at_either_width(
    look: Look, axe: Axe, county: County, path: str, role: str | None
):
    page = look(filled(path, county), role, WIDE)
    found = {}

    for lang in ("zh", "en"):
        page.context.add_cookies([{"name": "casefile_lang", "value": lang, "url": page.url}])
        page.reload()
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            if wrong := axe(page):
                found[lang, width] = wrong
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[lang, width] = "the page is wider than the window"

    assert found == {}


@EVERY
def test_a_page_is_light(look: Look, county: County, path: str, role: str | None):
    page = look("/livez", role)
    sizes: list[int] = []
    page.on("requestfinished", lambda asked: sizes.append(asked.sizes()["responseBodySize"]))

    page.goto(filled(path, county), wait_until="networkidle")

    assert 0 < sum(sizes) <= HEAVIEST


@EVERY
def test_a_page_says_the_same_without_script(
    look: Look, county: County, path: str, role: str | None
):
    with_script = look(filled(path, county), role)
    without = look(filled(path, county), role, java_script_enabled=False)

    assert without.locator("main").inner_text() == with_script.locator("main").inner_text()
