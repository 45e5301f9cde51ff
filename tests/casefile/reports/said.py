"""Every English sentence and word that reports and exports can say, read from their source."""

import ast
from collections.abc import Iterator
from pathlib import Path

from services.casefile import exporting, reports

FOLDERS = [Path(package.__path__[0]) for package in (reports, exporting)]
NAMED = ("title", "heading", "text")
LISTS = (
    "NOTES",
    "SENTENCES",
    "SIGNATURES",
    "NOTE",
    "GRADED",
    "NO_SURVEY",
    "LEFT_TO_A_HAND",
    "SCOPE",
)


def said() -> set[str]:
    found: set[str] = set()
    for path in sorted(each for folder in FOLDERS for each in folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= set(words_of(node))
    return found


def words_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        if node.targets[0].id in LISTS:
            yield from values_in(node.value)
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        if node.target.id in LISTS and node.value is not None:
            yield from values_in(node.value)
    elif isinstance(node, ast.Call):
        yield from of_call(node)


def of_call(node: ast.Call) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name == "Column" and len(node.args) > 1:
        yield from strings_in(node.args[1])
    if name == "text" and node.args:
        yield from strings_in(node.args[0])
    if name == "listed":
        yield from strings_in(node.args[1])
    if name == "table" and len(node.args) > 1:
        yield from strings_in(node.args[1])
    if name in ("Table", "Definition", "Paragraph"):
        for keyword in node.keywords:
            if keyword.arg in NAMED:
                yield from strings_in(keyword.value)


def values_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from strings_in(value)
    else:
        yield from strings_in(node)


def strings_in(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
