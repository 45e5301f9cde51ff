"""Every promise on the page has a test that exists, and no test is made up."""

import re

import pytest

from tests.docs.listed import ROOT, is_a_test

PAGE = (ROOT / "docs" / "guarantees.md").read_text()
ROWS = [
    line
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| promise |", "| --- |"))
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:].partition(" |")[0])
def test_a_promise_has_its_test(row: str):
    [listed] = re.findall(r"\| `([^`]+)` \|$", row)

    assert is_a_test(listed), listed


def test_no_test_is_named_outside_the_tables():
    assert len(re.findall(r"tests/\S+::", PAGE)) == len(ROWS)
