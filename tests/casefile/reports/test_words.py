"""Whatever a report can say, it can say in Chinese, with the same figures in it."""

import re

import pytest

from services.casefile.labels import labels
from tests.casefile.reports.said import said

GAP = re.compile(r"\{\w+(?::\w+)?\}")


@pytest.mark.parametrize("sentence", sorted(said()))
def test_it_is_translated_with_all_its_figures(sentence: str):
    chinese = labels("zh").text(sentence)

    assert labels("zh").has("", sentence) or labels("zh").has("field", sentence)
    assert sorted(GAP.findall(chinese)) == sorted(GAP.findall(sentence))


def test_the_reader_of_the_source_finds_what_there_is():
    found = said()

    assert {"Term summary", "By rule", "Kept", "No rows.", "I. The children"} <= found
