"""What is wrong with a ladder document, and where."""

from collections.abc import Iterable

import msgspec

from services.notifications.refusals import Refused

MOST = 100


class Fault(msgspec.Struct, frozen=True, order=True):
    """Something wrong at a line and column, both counted from 1; `where` is the path of the field."""

    line: int
    column: int
    where: str
    problem: str
    remedy: str


class LadderNotUsable(Refused):
    """The ladder cannot be used as it is written."""

    remedy = "Mend what is named at each line, then check it again."

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults)[:MOST])
        first = self.faults[0]
        super().__init__(faults=len(self.faults), line=first.line, where=first.where)
