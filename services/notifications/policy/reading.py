"""Reads a ladder: YAML in, a ladder or every fault that can be told out.

Values are read as YAML 1.2 has them, so `21:00` and `on` stay text.
"""

import re
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from services.notifications.policy.checking import wrongs
from services.notifications.policy.faults import Fault, LadderNotUsable
from services.notifications.policy.ladder import Ladder

MAX_BYTES = 128 * 1024
MAX_DEPTH = 12
TAG = "tag:yaml.org,2002:"
STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\[\.\.\.\]")
Path = tuple[str | int, ...]


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader without what YAML 1.1 guesses."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library looks here


for _name, _pattern, _begins in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]{0,17})$", "-0123456789"),
):
    Loader.add_implicit_resolver(TAG + _name, re.compile(_pattern), list(_begins))


def read_ladder(text: str | bytes) -> Ladder:
    """The ladder, or `LadderNotUsable` with what is wrong and where."""
    root = _composed(_decoded(text))
    places: dict[Path, tuple[int, int]] = {}
    faults: list[Fault] = []
    value = _plain(root, (), places, faults)
    if faults:
        raise LadderNotUsable(faults)
    try:
        ladder = msgspec.convert(value, Ladder)
    except msgspec.ValidationError as error:
        problem, path = _told(str(error))
        remedy = "Compare it with the default ladder, or with its schema."
        raise LadderNotUsable([_fault(path, problem, remedy, places)]) from None
    if found := list(wrongs(ladder)):
        raise LadderNotUsable(_fault(wrong.path, *wrong[1:], places) for wrong in found)
    return ladder


def default_ladder() -> Ladder:
    """The ladder that is shipped."""
    return read_ladder(default_text())


def default_text() -> str:
    shipped = files("services.notifications.policy") / "ladders" / "default.yaml"
    return shipped.read_text(encoding="utf-8")


def _plain(
    node: yaml.Node, path: Path, places: dict[Path, tuple[int, int]], faults: list[Fault]
) -> Any:
    places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, n), places, faults) for n, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node)
    found: dict[str, Any] = {}
    for name, value in node.value:
        inner = (*path, str(name.value) if isinstance(name, yaml.ScalarNode) else "?")
        if inner[-1] in found:
            places[inner] = (name.start_mark.line + 1, name.start_mark.column + 1)
            twice = "This field is written twice."
            faults.append(_fault(inner, twice, "Keep one of the two.", places))
            continue
        found[str(inner[-1])] = _plain(value, inner, places, faults)
    return found


def _scalar(node: yaml.Node) -> Any:
    if node.tag == TAG + "null":
        return None
    if node.tag == TAG + "bool":
        return node.value == "true"
    return int(node.value) if node.tag == TAG + "int" else node.value


def _composed(text: str) -> yaml.Node:
    try:
        _plain_yaml_only(text)
        node = yaml.compose(text, Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise LadderNotUsable(
            [Fault(*at, "", "This is not YAML.", "Check the indentation and the signs : and ,.")]
        ) from None
    except yaml.reader.ReaderError:
        raise LadderNotUsable([_first("There is a control character.", "Remove it.")]) from None
    if node is None:
        remedy = "Begin with `ladder:`, `version:` and `title:`."
        raise LadderNotUsable([_first("There is no ladder here.", remedy)])
    return node


def _plain_yaml_only(text: str) -> None:
    """Refuse aliases, tags, several documents and deep nesting before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        special = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if special or depth > MAX_DEPTH or documents > 1:
            mark: Any = event.start_mark
            raise LadderNotUsable(
                [
                    Fault(
                        mark.line + 1,
                        mark.column + 1,
                        "",
                        "Anchors, tags, deep nesting and several documents are not used here.",
                        "Write it out plainly.",
                    )
                ]
            )


def _decoded(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    if len(raw) > MAX_BYTES:
        limit = f"The document is larger than {MAX_BYTES // 1024} KiB."
        raise LadderNotUsable([_first(limit, "A ladder is short; look what got into it.")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LadderNotUsable([_first("This is not UTF-8 text.", "Save it as UTF-8.")]) from None


def _first(problem: str, remedy: str) -> Fault:
    return Fault(1, 1, "", problem, remedy)


def _fault(path: Path, problem: str, remedy: str, places: dict[Path, tuple[int, int]]) -> Fault:
    """A fault at a part, or at the nearest part around it that is there."""
    around = path
    while around not in places:
        around = around[:-1]
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return Fault(*places[around], "".join(parts).lstrip("."), problem, remedy)


def _told(error: str) -> tuple[str, Path]:
    """msgspec says what it wanted, and where; it quotes codes only."""
    problem, _, where = error.partition(" - at `$")
    steps = STEP.findall(where)
    return f"{problem}.", tuple(int(n) if n else name for name, n in steps if name or n)
