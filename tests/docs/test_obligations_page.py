"""Every sentence on the page about obligations has a test that exists."""

import re

import pytest

from tests.docs.listed import ROOT, is_a_test, links

FILE = ROOT / "docs" / "obligations.md"
PAGE = FILE.read_text()
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| .+ \| `tests/[^`]+` \|$", line)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:].partition(" |")[0])
def test_a_sentence_has_its_test(row: str):
    [listed] = re.findall(r"\| `([^`]+)` \|$", row)

    assert is_a_test(listed), listed


def test_no_test_is_named_outside_the_tables():
    assert len(re.findall(r"tests/\S+::", PAGE)) == len(ROWS)


def test_every_table_is_about_sentences_and_their_tests():
    assert PAGE.count("| in plain words | test |") == PAGE.count("\n## ")


def test_what_the_page_points_at_is_there():
    assert all((FILE.parent / target).exists() for target in links(PAGE))
