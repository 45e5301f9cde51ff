"""What can be wrong with a policy document, and where: in English here, in Chinese by the catalogue."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from services.casefile.domain.envelope import NO_NUMBER_OF_SOMEBODY
from services.casefile.domain.refusals import Invalid

Path = tuple[str | int, ...]
Told = dict[str, str]
# What may be repeated to whoever wrote it: a code, never a sentence and never somebody's number.
SPEAKABLE = re.compile(rf"^{NO_NUMBER_OF_SOMEBODY}[A-Za-z0-9_.:/-]{{1,40}}$")

MOST = 200


class Wrong(NamedTuple):
    """One way to be wrong, and what to do about it."""

    what: str
    remedy: str


class Fault(msgspec.Struct, frozen=True):
    """Something wrong at a line and column, both counted from 1; `where` is the path of the field."""

    line: int
    column: int
    where: str
    wrong: Wrong
    told: Told = {}

    @property
    def problem(self) -> str:
        return self.said(str)[0]

    @property
    def remedy(self) -> str:
        return self.said(str)[1]

    def said(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """Problem and remedy in the words that `translate` has for them."""
        what, remedy = (translate(text).format(**self.told) for text in self.wrong)
        return what, remedy


class PolicyNotUsable(Invalid):
    """The policy cannot be used as it is written."""

    remedy = "Mend what is named at each line, then check it again."

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)[:MOST]
        first = self.faults[0]
        super().__init__(None, faults=len(self.faults), line=first.line, where=first.where)


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))


def spoken(path: Path) -> str:
    """`("rules", 2, "shape")` as people write it: `rules[2].shape`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shown(part)}" for part in path)
    return "".join(parts).lstrip(".")


def shown(value: object) -> str:
    """A value that was written, if it may be repeated."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if SPEAKABLE.match(text) else "…"


def listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))
