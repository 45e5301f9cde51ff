"""The two READMEs say the same, and what they name exists."""

import re

import pytest

from services.casefile.settings import Settings as Casefile
from services.notifications.settings import Settings as Notifications
from tests.docs.listed import ROOT, blocks, headings, links, make_targets, without_blocks

ENGLISH, CHINESE = (ROOT / "README.md"), (ROOT / "README.zh-CN.md")
BOTH = pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["en", "zh"])
PAGES = [ENGLISH, CHINESE, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    targets = links(page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_both_have_the_same_headings():
    assert headings(ENGLISH.read_text()) == headings(CHINESE.read_text())


@pytest.mark.parametrize("language", ["sh", "text"])
def test_both_show_the_same_blocks(language: str):
    shown = blocks(ENGLISH.read_text(), language)

    assert shown
    assert shown == blocks(CHINESE.read_text(), language)


@BOTH
def test_both_have_tables_of_the_same_length(page):
    rows = re.findall(r"^\|.*\|$", page.read_text(), flags=re.MULTILINE)

    assert len(rows) == len(re.findall(r"^\|.*\|$", ENGLISH.read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_exists(page):
    named = set(re.findall(r"(?:^|`)(?:\w+=\S+ )?make ([a-z-]+)", page.read_text(), re.MULTILINE))

    assert named <= make_targets()


@BOTH
def test_the_test_command_is_named(page):
    assert "\nmake test\n" in page.read_text()


def test_every_setting_it_names_is_one():
    named = set(re.findall(r"\b(CASEFILE|NOTIFICATIONS)_([A-Z_]+)\b", ENGLISH.read_text()))
    known = {"CASEFILE": Casefile.model_fields, "NOTIFICATIONS": Notifications.model_fields}

    assert ("NOTIFICATIONS", "LADDER_FILE") in named
    assert [each for each in named if each[1].lower() not in known[each[0]]] == []


@BOTH
def test_every_folder_on_the_map_exists(page):
    named = re.findall(r"^\| `([a-z/]+/)` \|", without_blocks(page.read_text()), re.MULTILINE)

    assert named
    assert [folder for folder in named if not (ROOT / folder).is_dir()] == []
