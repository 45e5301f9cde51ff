"""What the documents name of this tree: its tests, its files, its make targets."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def functions_in(path: Path) -> frozenset[str]:
    """The names of the tests in a file, without running it."""
    if not path.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(path.read_text()))
    return frozenset(n.name for n in nodes if isinstance(n, ast.FunctionDef))


def is_a_test(listed: str) -> bool:
    """Whether `tests/…/test_x.py::test_y` exists."""
    path, _, name = listed.partition("::")
    return name.startswith("test_") and name in functions_in(ROOT / path)


def headings(text: str) -> list[str]:
    return re.findall(r"^(#+) ", without_blocks(text), flags=re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def links(text: str) -> list[str]:
    """The targets of links into this tree, without their anchors."""
    found = re.findall(r"\]\(([^)\s]+)\)", without_blocks(text))
    inner = (target.partition("#")[0] for target in found if "://" not in target)
    return [target for target in inner if target]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
