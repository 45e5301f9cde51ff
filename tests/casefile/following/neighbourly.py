"""A model whose rows depend on another stream: a child's talks, and the name of the school."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.organisation import UnitRegistered, UnitRenamed
from services.casefile.domain.stream_ids import unit_stream
from services.casefile.following.edition import Edition
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Rows, Table
from services.casefile.following.register import Link

SCHOOL = unit_stream("school-1")
TABLE = Table(
    name="schooled",
    columns={
        "case_id": "uuid NOT NULL",
        "school": "text NOT NULL",
        "seen": "bigint NOT NULL",
        "talks": "integer NOT NULL",
    },
    key=("case_id",),
    adds={"talks": "held.talks + new.talks"},
)


class Neighbourly(Model):
    """Renaming the school makes the rows of every child stale; `seen` says which are done."""

    name = "schooled"
    version = 1
    tables = (TABLE,)

    def __init__(self) -> None:
        self.school: Callable[[], Sequence[Entry]] = list
        self.named, self.seen = "", 0
        self.fails_for: set[UUID] = set()
        self.chunks: list[list[UUID]] = []
        self.asked = 0
        self.meanwhile: Callable[[], object] | None = None

    def restates(self, entry: Entry) -> bool:
        return entry.kind.slug == "opening"

    def prepare(self, cases: Sequence[Folded]) -> None:
        last = self.school()[-1]
        assert isinstance(last.rec, UnitRegistered | UnitRenamed)
        self.named, self.seen = last.rec.unit_name, last.position
        if len(cases) > 0:
            self.chunks.append([case.id for case in cases])

    def rows(self, case: Folded) -> Rows:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        if case.id in self.fails_for:
            raise ZeroDivisionError
        if case.entries[0].kind.stream != "case":
            return {}
        talks = sum(entry.kind.slug == "talk" for entry in case.current)
        return {"schooled": [(case.id, self.named, self.seen, talks)]}

    def added(self, entries: Sequence[Entry]) -> Rows:
        talks = [entry for entry in entries if entry.kind.slug == "talk"]
        return {"schooled": [(talks[0].stream_id, "", 0, len(talks))]} if talks else {}

    def stale(self, link: Link, edition: Edition, entries: Sequence[Entry]) -> Iterable[UUID]:
        self.asked += 1
        changed = [entry.position for entry in entries if entry.stream_id == SCHOOL]
        if not changed:
            return []
        statement = f"SELECT case_id FROM {edition.place('schooled')} WHERE seen < %s ORDER BY 1"
        return [case for (case,) in link.execute(statement.encode(), [max(changed)])]
