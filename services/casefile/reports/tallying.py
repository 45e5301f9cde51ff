"""Counts children by what they are, and lays the counts out as rows of so many of so many."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from services.casefile.reports.report import Column, Row, Share, Table

NOT_STATED = "not_stated"
COLUMNS = (
    Column("dimension", "Dimension", "code"),
    Column("value", "Value", "code"),
    Column("share", "Children", "share"),
)


class Tally:
    """How many children have which value, dimension by dimension; of all that were asked."""

    def __init__(self) -> None:
        self.children = 0
        self._found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._of: Counter[str] = Counter()

    def add(self, dimension: str, *values: object) -> None:
        """One child: none, one or several values. None of them is `not stated`."""
        self._of[dimension] += 1
        stated = [str(value) for value in values if value is not None]
        self._found[dimension].update(stated or [NOT_STATED])

    def share(self, dimension: str, *values: str) -> Share:
        """The children with any one of these values; for dimensions with one value each."""
        found = self._found[dimension]
        return Share(sum(found[value] for value in values), self._of[dimension])

    def of(self, dimension: str) -> int:
        """How many children were asked."""
        return self._of[dimension]

    def rows(self) -> Iterator[Row]:
        for dimension, found in self._found.items():
            for value in sorted(found, key=lambda v: (v == NOT_STATED, -found[v], v)):
                yield dimension, value, Share(found[value], self._of[dimension])

    def table(self, name: str, title: str, notes: tuple[str, ...] = ()) -> Table:
        return Table(name=name, title=title, columns=COLUMNS, rows=list(self.rows()), notes=notes)
