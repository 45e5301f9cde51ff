"""From YAML to plain values that know where they stand. Only what a policy needs of YAML is allowed.

Values are read as YAML 1.2 has them: `on`, `yes`, dates and `1:30` stay text.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from services.casefile.policies import form_faults as form
from services.casefile.policies.faults import (
    Fault,
    Path,
    PolicyNotUsable,
    Told,
    Wrong,
    shown,
    spoken,
)

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
YAML_TAG = "tag:yaml.org,2002:"
Place = tuple[int, int]


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader without what YAML 1.1 guesses."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library looks here


for _name, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]{0,17})$", "-0123456789"),
    ("float", r"^-?[0-9]{1,18}\.[0-9]{1,18}$", "-0123456789"),
):
    Loader.add_implicit_resolver(YAML_TAG + _name, re.compile(_pattern), list(_first))

PLAIN: dict[str, Callable[[str], Any]] = {
    YAML_TAG + "str": str,
    YAML_TAG + "int": int,
    YAML_TAG + "float": float,
    YAML_TAG + "bool": lambda text: text == "true",
    YAML_TAG + "null": lambda _: None,
}


class Tree:
    """A document: its plain value, and where each part of it stands."""

    def __init__(self, text: str | bytes) -> None:
        self.places: dict[Path, Place] = {}
        self.names: dict[Path, Place] = {}
        self.faults: list[Fault] = []
        root = _composed(text)
        self.value = self._plain(root, ())

    def fault(self, path: Path, wrong: Wrong, told: Told, *, at_name: bool = False) -> Fault:
        """A fault at a part, or at its name, or at the nearest part around it that is there."""
        named = self.names.get(path) if at_name else None
        around = path
        while around and around not in self.places:
            around = around[:-1]
        return Fault(*(named or self.places[around]), spoken(path), wrong, told)

    def _plain(self, node: yaml.Node, path: Path) -> Any:
        self.places[path] = _place(node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return dict(self._fields(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*path, n)) for n, item in enumerate(node.value)]
        return PLAIN[node.tag](node.value)

    def _fields(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                self.faults.append(Fault(*_place(name.start_mark), spoken(path), form.NOT_A_NAME))
                continue
            inner = (*path, name.value)
            if inner in self.names:
                twice = (form.TWICE, {"name": shown(name.value)})
                self.faults.append(Fault(*_place(name.start_mark), spoken(inner), *twice))
                continue
            self.names[inner] = _place(name.start_mark)
            yield name.value, self._plain(value, inner)


def _composed(text: str | bytes) -> yaml.Node:
    """The node tree, or a refusal that says where the text stops being a plain document."""
    readable = _decoded(text)
    try:
        faults = list(_forbidden(readable))
        if faults:
            raise PolicyNotUsable(faults)
        node = yaml.compose(readable, Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = {"why": re.sub(r"'[^']*'", "…", error.problem or "it cannot be read")}
        raise _at(_place(mark) if mark else (1, 1), form.SYNTAX, why) from None
    except yaml.reader.ReaderError as error:
        line = readable.encode().count(b"\n", 0, error.position) + 1
        raise _at((line, 1), form.SYNTAX, {"why": "it has a control character"}) from None
    if node is None or not readable.strip():
        raise _at((1, 1), form.EMPTY)
    return node


def _decoded(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    if len(raw) > MAX_BYTES:
        raise _at((1, 1), form.TOO_BIG, {"limit": str(MAX_BYTES // 1024)})
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _at((raw.count(b"\n", 0, error.start) + 1, 1), form.NOT_UTF8) from None


def _forbidden(text: str) -> Iterator[Fault]:
    """What a policy does not need of YAML, found before anything is built of it."""
    depth = documents = 0
    for event in yaml.parse(text, Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        wrong = _wrong_with(event, depth, documents)
        if wrong is not None:
            yield Fault(*_place(event.start_mark), "", wrong)
        if wrong in (form.TOO_DEEP, form.SEVERAL):
            return


def _wrong_with(event: yaml.Event, depth: int, documents: int) -> Wrong | None:
    if documents > 1:
        return form.SEVERAL
    if depth > MAX_DEPTH:
        return form.TOO_DEEP
    if getattr(event, "anchor", None) is not None:
        return form.ALIAS
    return form.TAG if getattr(event, "tag", None) is not None else None


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _at(place: Place, wrong: Wrong, told: dict[str, str] | None = None) -> PolicyNotUsable:
    return PolicyNotUsable([Fault(*place, "", wrong, told or {})])
