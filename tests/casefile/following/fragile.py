"""A model that can be made to fail for a case, and to write what no table takes."""

from collections.abc import Callable, Sequence
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Rows, Table

SUM = {"times": "held.times + new.times"}


class Fragile(Model):
    """Counts a child's talks, unless told to break."""

    name = "talks"
    version = 1
    tables = (
        Table(
            name="talks",
            columns={"case_id": "uuid NOT NULL", "times": "smallint NOT NULL"},
            key=("case_id",),
            adds=SUM,
        ),
    )

    def __init__(self) -> None:
        self.fails_for: set[UUID] = set()
        self.overflows_for: set[UUID] = set()
        self.once: Callable[[], object] | None = None

    def restates(self, entry: Entry) -> bool:
        if entry.stream_id in self.fails_for:
            raise ZeroDivisionError
        return False

    def rows(self, case: Folded) -> Rows:
        return self.added(case.current)

    def added(self, entries: Sequence[Entry]) -> Rows:
        once, self.once = self.once, None
        if once is not None:
            once()
        talks = [entry for entry in entries if entry.kind.slug == "talk"]
        if not talks:
            return {}
        case_id = talks[0].stream_id
        if case_id in self.fails_for:
            raise ZeroDivisionError
        count = 100_000 if case_id in self.overflows_for else len(talks)
        return {"talks": [(case_id, count)]}
