"""Whatever a child's page shows of a fact has a Chinese word: the parts of its path, fields, codes."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.casefile.console.pages.child import ELSEWHERE
from services.casefile.console.words import CODE, NUMBER, UNITS
from services.casefile.domain.catalogue import Kind, catalogue
from services.casefile.labels import Labels, labels, spoken
from tests.casefile.stated import example, stated, with_every_code

WORDS = labels("zh")
# What a policy or a person is called is nobody's word but their own.
NAMED = ("policy", "leading_group_member")
OF_CHILDREN = [kind for kind in catalogue() if kind.stream == "case" and example(kind)]


def shown(kind: Kind) -> Iterator[tuple[str, Any]]:
    """The facts that stand on the child's page."""
    rec = example(kind)
    assert rec is not None
    for each in with_every_code(rec):
        found = stated(kind, each)
        yield from ((p, v) for p, v in found.items() if not p.startswith(ELSEWHERE))


def wordless(words: Labels, path: str, value: Any) -> Iterator[str]:
    for part in path.split("."):
        is_word = CODE.fullmatch(part) and not NUMBER.fullmatch(part) and part != "child"
        if is_word and not any(words.has(c, spoken(part)) for c in ("field", "code.role", "code")):
            yield f"path {path}: {part}"
    yield from wordless_value(words, path.rpartition(".")[2], value)


def wordless_value(words: Labels, field: str, value: Any) -> Iterator[str]:
    """As `value` in `parts.html` looks words up."""
    if isinstance(value, dict):
        if "staff" in value and len(value) <= 3:
            return
        for name, each in value.items():
            if each is not None:
                yield from wordless_field(words, name)
                yield from wordless_value(words, name, each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from wordless_value(words, field, each)
    elif isinstance(value, str) and is_code(field, value):
        yield from wordless_code(words, field, value)


def is_code(field: str, text: str) -> bool:
    return field not in (*UNITS, *NAMED) and CODE.fullmatch(text) is not None


def wordless_code(words: Labels, field: str, code: str) -> Iterator[str]:
    if not any(words.has(c, spoken(code)) for c in (f"code.{field}", "code")):
        yield f"code {field}: {code}"


def wordless_field(words: Labels, name: str) -> Iterator[str]:
    if not words.has("field", spoken(name)):
        yield f"field {name}"


@pytest.mark.parametrize("kind", OF_CHILDREN, ids=lambda kind: kind.slug)
def test_every_fact_a_child_s_page_shows_has_chinese_words(kind: Kind) -> None:
    missing = {each for path, value in shown(kind) for each in wordless(WORDS, path, value)}

    assert sorted(missing) == []


def test_a_fact_without_words_would_be_found() -> None:
    fact = ("child.nowhere.ever", {"unheard_of": "never_said", "sex": "female"})

    assert list(wordless(WORDS, *fact)) == [
        "path child.nowhere.ever: nowhere",
        "path child.nowhere.ever: ever",
        "field unheard_of",
        "code unheard_of: never_said",
    ]
