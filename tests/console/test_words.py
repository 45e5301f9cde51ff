"""Every text of a page has its Chinese, and no template says anything on its own."""

import ast
import re
from pathlib import Path

import pytest

from services.casefile.console.templating import FOLDER
from services.casefile.domain.catalogue import catalogue
from services.casefile.labels import labels, spoken
from services.casefile.reports.report import Column
from tests.console.addresses import PAGES, filled
from tests.console.asking import Somebody, text_of
from tests.console.county import County

WORDS = labels("zh")
TEMPLATES = sorted(FOLDER.glob("*.html"))
MODULES = sorted(FOLDER.parent.rglob("*.py"))
CALL = re.compile(r"_\('((?:[^'\\]|\\.)*)'")
# Arguments of what the modules of pages are made of, that are shown as texts.
SHOWN = ("title", "label")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_every_text_of_a_template_is_translated(path: Path):
    found = CALL.findall(path.read_text())

    assert [text for text in found if not WORDS.has("", text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_template_says_nothing_that_could_not_be_translated(path: Path):
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text(), flags=re.DOTALL)

    # A macro may hold attributes without the tag they are for.
    said = re.sub(r'[a-z-]+="[^"]*"', " ", re.sub(r"<[^>]*>", " ", source))
    # The other language is called what it calls itself.
    left = set(re.findall(r"[A-Za-z]{2,}|[一-鿿]+", said)) - {
        "Casefile",
        "English",
        "中文",
        "doctype",
    }

    assert left == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_every_title_and_label_of_a_page_is_translated(path: Path):
    missing = [text for text in titles(path) if not is_known(text)]

    assert missing == []


def titles(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg in SHOWN and is_text(node.value):
            found.append(node.value.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Column", "Filter"):
            found += [a.value for a in node.args[1:2] if is_text(a)]
    return [text for text in found if text]


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_known(text: str) -> bool:
    return WORDS.has("", text) or WORDS.has("field", spoken(text))


def test_every_family_of_kinds_is_named():
    families = {k.family for k in catalogue() if k.stream == "case" and k.declared.recordable}

    assert [f for f in sorted(families) if not WORDS.has("", spoken(f))] == []


def test_a_column_without_words_would_be_found():
    column = Column("nonsense", "nonsense")

    assert not is_known(column.label)


@pytest.mark.parametrize(
    "path", [path for path, role in PAGES if role == "inspector"], ids=lambda path: path
)
def test_a_page_speaks_the_language_it_was_asked_for(
    inspector: Somebody, county: County, path: str
):
    address = filled(path, county)
    joint = "&" if "?" in address else "?"

    chinese = inspector.get(f"{address}{joint}lang=zh").text
    english = inspector.get(f"{address}{joint}lang=en").text
    remembered = inspector.get(address).text
    inspector.get("/?lang=zh")

    assert 'lang="zh-CN"' in chinese
    assert 'lang="en"' in english
    assert "时间均为北京时间" in text_of(chinese)
    assert "Times are in China Standard Time" in text_of(english)
    assert '<html lang="en">' in remembered
