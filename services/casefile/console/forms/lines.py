"""Lists inside a form: one line more without script, empty lines left out, numbers without gaps."""

from collections.abc import Iterable, Mapping

from services.casefile.console.forms.fields import Field
from services.casefile.console.forms.reading import Typed

Lines = Mapping[str, int]


def list_of(path: str) -> tuple[str, int] | None:
    """The list a field belongs to, and in which line: `visitors` and 2 of `visitors.2.role`."""
    parts = path.split(".")
    place = next((i for i, part in enumerate(parts) if part.isdigit()), None)
    return None if place is None else (".".join(parts[:place]), int(parts[place]))


def longest_lists(fields: Iterable[Field]) -> dict[str, int]:
    """Every list of the form, with how many lines it may have."""
    found: dict[str, int] = {}
    for field in fields:
        if (at := list_of(field.path)) is not None:
            found[at[0]] = max(found.get(at[0], 0), at[1])
    return found


def lines_in(typed: Typed, fields: Iterable[Field]) -> dict[str, int]:
    """How many lines each list is shown with: those that are there, and one at least."""
    longest = longest_lists(fields)
    found = dict.fromkeys(longest, 1)
    for path in typed:
        if (at := list_of(path)) is not None and at[0] in longest:
            found[at[0]] = min(longest[at[0]], max(found[at[0]], at[1]))
    return found


def grown(typed: Typed, name: str, fields: Iterable[Field]) -> Typed:
    """The same with one line more in that list."""
    fields = list(fields)
    count = lines_in(typed, fields).get(name)
    if count is None or count >= longest_lists(fields)[name]:
        return typed
    new = f"{name}.{count + 1}."
    return typed | {f.path: [] for f in fields if f.path.startswith(new)}


def compacted(typed: Typed, fields: Iterable[Field]) -> Typed:
    """Without the lines nobody wrote in: what is refused later is then found in its own line."""
    moved: dict[tuple[str, int], int] = {}
    for name, count in lines_in(typed, fields).items():
        said = [n for n in range(1, count + 1) if is_said(typed, f"{name}.{n}.")]
        moved |= {(name, old): new for new, old in enumerate(said, start=1)}
    found: Typed = {}
    for path, texts in typed.items():
        at = list_of(path)
        if at is None:
            found[path] = texts
        elif at in moved:
            rest = path.removeprefix(f"{at[0]}.{at[1]}")
            found[f"{at[0]}.{moved[at]}{rest}"] = texts
    return found


def is_said(typed: Typed, prefix: str) -> bool:
    return any(
        any(map(str.strip, texts)) for path, texts in typed.items() if path.startswith(prefix)
    )
