"""What came of an import: per sheet how many rows, and everything that was wrong."""

from collections.abc import Callable

import msgspec

from services.casefile.importing.faults import Problem

Progress = Callable[[int, int], None]


class Tally(msgspec.Struct):
    """One sheet, counted in rows."""

    sheet: str
    kind: str
    stored: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        return self.stored + self.unchanged + self.refused


class Outcome(msgspec.Struct, kw_only=True):
    """The whole run. In a dry run `stored` counts what would be stored."""

    is_dry_run: bool
    tallies: list[Tally] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []

    @property
    def is_clean(self) -> bool:
        return not self.problems

    @property
    def stored(self) -> int:
        return sum(tally.stored for tally in self.tallies)

    @property
    def unchanged(self) -> int:
        return sum(tally.unchanged for tally in self.tallies)

    @property
    def refused(self) -> int:
        return sum(tally.refused for tally in self.tallies)
