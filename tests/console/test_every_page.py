"""What every page keeps to: accessible in both languages at both widths, light, and without script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.console.addresses import EXPECTED_TO_FAIL, PAGES, filled
from tests.console.conftest import Look
from tests.console.county import County

pytestmark = pytest.mark.browser
NARROW, WIDE = 360, 1280
HEAVIEST = 150 * 1024
COLOURS = (("zh", WIDE), ("en", NARROW))
EVERY = pytest.mark.parametrize(("path", "role"), PAGES, ids=[f"{r}:{p}" for p, r in PAGES])
Axe = Callable[..., list[Any]]


def tolerated(path: str) -> tuple[str, ...]:
    """A browser says on its console what was not found."""
    return ("404",) if path in EXPECTED_TO_FAIL else ()


@EVERY
def test_axe_finds_nothing_in_either_language_at_either_width(
    look: Look, axe: Axe, county: County, path: str, role: str | None
):
    page = look(filled(path, county), role, WIDE, tolerated=tolerated(path))
    found = {}

    for lang in ("zh", "en"):
        page.context.add_cookies([{"name": "casefile_lang", "value": lang, "url": page.url}])
        page.reload()
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            # Colours are the same in both languages at both widths, and slow to look at.
            if wrong := axe(page, without=() if (lang, width) in COLOURS else ("color-contrast",)):
                found[lang, width] = wrong
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[lang, width] = "the page is wider than the window"

    assert found == {}


@EVERY
def test_a_page_is_light_and_says_the_same_without_script(
    look: Look, county: County, path: str, role: str | None
):
    meant = tolerated(path)
    page = look("/livez", role, tolerated=meant)
    sizes: list[int] = []
    page.on("requestfinished", lambda asked: sizes.append(asked.sizes()["responseBodySize"]))

    page.goto(filled(path, county))
    without = look(filled(path, county), role, tolerated=meant, java_script_enabled=False)
    # What only a script can do is offered only where there is one.
    page.evaluate("document.querySelectorAll('[data-hashes]').forEach(each => each.hidden = true)")

    assert 0 < sum(sizes) <= HEAVIEST
    assert said(without) == said(page)


def said(page: Page) -> str:
    """Without the number of the request, which is another one each time."""
    return re.sub(r"[0-9a-f-]{36}", "…", page.locator("main").inner_text())
