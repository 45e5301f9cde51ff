"""Whatever a problem can say, it can say in Chinese."""

import ast
from collections.abc import Iterator
from pathlib import Path

import services.casefile
from services.casefile.api.errors import problem_types
from services.casefile.api.reasons import FORMS
from services.casefile.labels import labels, spoken

WORDS = labels("zh")
SOURCES = Path(services.casefile.__file__).parent
REASONED = ("Implausible", "WrongParameter", "PydanticCustomError")
NAMED = ("NotOnFile", "AlreadyOnFile")


def calls(*names: str) -> Iterator[list[str]]:
    """The texts given to every call of these names, wherever it stands."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names:
                given = [a.value for a in node.args if isinstance(a, ast.Constant)]
                yield [text for text in given if isinstance(text, str)]


def test_every_title_and_remedy_is_translated():
    for cls in problem_types().values():
        title = (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        assert WORDS.has("", title), title
        assert not cls.remedy or WORDS.has("", cls.remedy), cls.remedy


def test_every_reason_is_translated():
    reasons = {texts[-1] for texts in calls(*REASONED) if len(texts) > 1}
    reasons |= {texts[0] for texts in calls("WrongResidentId") if texts}

    assert len(reasons) > 50
    assert sorted(text for text in reasons if not WORDS.has("", text)) == []


def test_every_form_of_a_type_error_is_translated():
    assert [text for _, text in FORMS if not WORDS.has("", text)] == []


def test_everything_that_may_be_missing_has_a_name():
    names = {texts[0] for texts in calls(*NAMED) if texts}

    words = {spoken(name) for name in names}
    assert [w for w in sorted(words) if not (WORDS.has("", w) or WORDS.has("field", w))] == []
