"""Whoever reads a child's file in Chinese meets words: no code of ours, and no number meant for machines."""

import re
from html import unescape

import pytest

from tests.console.asking import Somebody
from tests.console.county import County

TABS = ("", "/timeline", "/diff", "/funding")
# Codes of staff and units say where they are; the directory knows no more of them.
OURS = re.compile(r"c\d{3}(-[a-z0-9]+)*|[a-z]-demo")
RAW = re.compile(
    r"(?<![\w.-])(?:[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
NEXT = re.compile(r'rel="next" href="([^"]+)"')
ROSTER = re.compile(r'/cases/([0-9a-f-]{36})"')
FILES = 6


def raw_in(page: str) -> list[str]:
    """What a reader meets that is no word, outside of what is set as code."""
    main = page[page.index("<main") :]
    said = re.sub(r"<code.*?</code>|<[^>]*>", " ", main, flags=re.DOTALL)
    return [m.group() for m in RAW.finditer(unescape(said)) if not OURS.fullmatch(m.group())]


def every_page(who: Somebody, path: str | None) -> list[str]:
    found = []
    while path is not None:
        page = who.read(path)
        found.append(page)
        following = NEXT.search(page)
        path = unescape(following.group(1)) if following else None
    return found


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_of_a_file_shows_a_code(inspector: Somebody, county: County, tab: str):
    listed = dict.fromkeys(ROSTER.findall(inspector.read("/roster?limit=50")))
    files = [str(county.case_id), *listed][:FILES]

    found = {
        raw
        for case_id in files
        for page in every_page(inspector, f"/cases/{case_id}{tab}?lang=zh")
        for raw in raw_in(page)
    }

    assert found == set()


def test_the_roster_leads_to_files_that_have_a_past(inspector: Somebody, county: County):
    pages = every_page(inspector, f"/cases/{county.case_id}/timeline")

    assert "应办事项" in "".join(pages)


def test_a_code_would_be_found():
    page = '<main><a href="/x.y">talk.class_teacher</a> <code>a.b</code> c000-t01-s live_in</main>'

    assert raw_in(page) == ["talk.class_teacher", "live_in"]
