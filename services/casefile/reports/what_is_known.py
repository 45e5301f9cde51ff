"""R18: what is known of each child, and what is missing, by the rules the plans themselves name."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.knowing import PROFILES, Known, profiles_of
from services.casefile.reports.report import Cell, Column, Report, Row, Share, Table

CRITERIA = (
    Column("profile", "What is asked", "code"),
    Column("source", "Source"),
    Column("dimension", "Criterion", "code"),
    Column("branch", "Unit", "unit"),
    Column("share", "Known", "share"),
)
SCORES = (
    Column("five_clears", "Five clears", "share"),
    Column("five_clears_file", "Five clears, file version", "share"),
    Column("four_know_wells", "Four know-wells", "share"),
)
MEANS = (
    Column("branch", "Unit", "unit"),
    Column("children", "Children", "count"),
    *SCORES,
)
CHILDREN = (
    Column("case", "Case", "case"),
    Column("branch", "Unit", "unit"),
    *SCORES,
    Column("missing", "Not known yet", "fields"),
)
NOTES = (
    "Counted are open files. Known means that the file states it; what it says is not read for this report.",
    "Five clears (五个清楚): who she is and where she lives, character and interests, health, how a parent is reached, how the guardian is reached.",
    "Five clears, file version: name, sex and age; character and hobbies; medical history; where a parent works and how to reach one; the temporary guardian.",
    "Four know-wells (四掌握): family situation, thoughts, results, daily behaviour.",
    "Of an orphan nobody asks how the parents are reached; below the first grade nobody asks for results.",
    "The first line of a criterion is about everybody in the scope, those after it about the units.",
    "The plans name what has to be known, and not which record says it; that is laid down here.",
)
Grid = defaultdict[tuple[str | None, str], Counter[bool]]


class Units:
    """How often each criterion is met, in the whole scope (None) and in each unit below it."""

    def __init__(self) -> None:
        self.places: Counter[str] = Counter()
        self._met: Grid = defaultdict(Counter)

    def take(self, place: str, found: Sequence[Known]) -> None:
        self.places[place] += 1
        for profile in found:
            for code, met in answers(profile):
                self._met[place, code][met] += 1
                self._met[None, code][met] += 1

    def criteria(self) -> Iterator[Row]:
        for profile in PROFILES:
            for each in profile.criteria:
                for place in (None, *sorted(self.places)):
                    if (place, each.code) in self._met:
                        share = self._share(place, [each.code])
                        yield profile.code, profile.source, each.code, place, share

    def means(self) -> Iterator[Row]:
        """All that is known of all that is asked."""
        codes = [[each.code for each in profile.criteria] for profile in PROFILES]
        for place in sorted(self.places):
            yield place, self.places[place], *(self._share(place, mine) for mine in codes)

    def _share(self, place: str | None, codes: Sequence[str]) -> Share:
        found = sum((self._met[place, code] for code in codes), Counter[bool]())
        return Share(found[True], found.total())


def draw(ground: Ground) -> Report:
    units = Units()
    rows: list[Row] = []
    for child in ground.open_cases():
        day = ground.at.pinned.as_of
        found, place = profiles_of(child, day), branch(ground, child.places, day) or ""
        units.take(place, found)
        if ground.reader.case_level:
            rows.append(told(child, place, found))
    tables = [Table(name="criteria", title="By criterion and unit", columns=CRITERIA,
                    rows=list(units.criteria()))]  # fmt: skip
    if ground.reader.case_level:
        rows.sort(key=least_known_first)
        tables += [
            Table(name="units", title="All criteria together", columns=MEANS,
                  rows=list(units.means())),
            Table(name="children", title="Child by child", columns=CHILDREN, rows=rows),
        ]  # fmt: skip
    return ground.report(children=units.places.total(), tables=tables, notes=NOTES)


def answers(found: Known) -> Iterator[tuple[str, bool]]:
    yield from ((code, True) for code in found.met)
    yield from ((code, False) for code in found.missing)


def told(child: Seen, place: str, found: Sequence[Known]) -> Row:
    missing = dict.fromkeys(code for profile in found for code in profile.missing)
    says = msgspec.json.encode({"criterion": list(missing)}).decode() if missing else None
    scores: list[Cell] = [Share(len(profile.met), profile.of) for profile in found]
    return (child.id, place, *scores, says)


def least_known_first(row: Row) -> tuple[int, str]:
    scores = [cell for cell in row if isinstance(cell, Share)]
    return sum(score.part - score.whole for score in scores), str(row[0])
