"""R20: who signed for the children's safety (层层签订责任书): families, staff, and children themselves."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.school import PledgeSigned, ResponsibilityLetterSigned
from services.casefile.domain.families.staff import DutyAgreementSigned
from services.casefile.domain.staff_posts import post_on
from services.casefile.history.cohort import CASES, Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.report import Column, Report, Row, Share, Table

ALWAYS = (("family", "safety"),)
COLUMNS = (
    Column("dimension", "Who signs", "code"),
    Column("letter", "Letter", "code"),
    Column("year", "Year"),
    Column("branch", "Unit", "unit"),
    Column("signed", "Signed in the year", "share"),
    Column("in_force", "In force at the end of the year", "share"),
)
WITHOUT = (Column("case", "Case", "case"), Column("branch", "Unit", "unit"))
NOTES = (
    "Families sign letters for a child, children sign pledges, staff sign the duties of a role.",
    "Of families and children: of the open files that had been opened by the end of the year. Of staff: of those who held the role in the unit at the end of the year.",
    "The year that is not over ends at the last day asked about. A letter without a last day holds until it is said otherwise.",
    "Only letters that are entered are known; what one office signed for another is on paper.",
)
Key = tuple[str, str, int, str]
Signature = tuple[str, str, date, date | None]
"""Who signs, the letter, the day it was signed, the last day it holds."""


class Letters:
    """Signatures counted by who signs, letter, year and unit; of all who could have signed."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._years = range(ground.since.year, ground.until.year + 1)
        self._signed: defaultdict[Key, int] = defaultdict(int)
        self._in_force: defaultdict[Key, int] = defaultdict(int)
        self._of: defaultdict[tuple[str, str, int, str], int] = defaultdict(int)
        self._letters: set[tuple[str, str]] = set(ALWAYS)
        self.children = 0
        self.without: list[Row] = []

    def end_of(self, year: int) -> date:
        return min(date(year, 12, 31), self._ground.until)

    def take_child(self, child: Seen) -> None:
        self.children += 1
        place = self._branch(child.places) or ""
        signed = list(signed_for(child))
        opened = child.fact("opened_on")
        for year in self._years:
            if isinstance(opened, date) and opened <= self.end_of(year):
                for who in ("family", "child"):
                    self._of[who, "", year, place] += 1
                self._count(signed, year, place)
        if not any(is_safety(each) and holds(each, self._ground.until) for each in signed):
            self.without.append((child.id, place))

    def take_staff(self, seen: Seen) -> None:
        signed = [signature for entry in seen.current for signature in of_duty(entry)]
        for year in self._years:
            post = post_on(seen.facts, self.end_of(year))
            place = self._branch([post.unit]) if post is not None else None
            if post is None or place is None:
                continue
            self._letters.add(("staff", post.role))
            self._of["staff", post.role, year, place] += 1
            self._count([each for each in signed if each[1] == post.role], year, place)

    def rows(self) -> Iterator[Row]:
        for who, letter in sorted(self._letters):
            wanted = letter if who == "staff" else ""
            for (whose, of, year, place), whole in sorted(self._of.items()):
                if (whose, of) == (who, wanted):
                    key = (who, letter, year, place)
                    shares = (Share(self._signed[key], whole), Share(self._in_force[key], whole))
                    yield who, letter, str(year), place, *shares

    def _count(self, signed: list[Signature], year: int, place: str) -> None:
        """Once for each letter, however often it was signed."""
        self._letters.update(each[:2] for each in signed)
        last = self.end_of(year)
        for who, letter in {e[:2] for e in signed if e[2].year == year and e[2] <= last}:
            self._signed[who, letter, year, place] += 1
        for who, letter in {each[:2] for each in signed if holds(each, last)}:
            self._in_force[who, letter, year, place] += 1

    def _branch(self, places: Sequence[str]) -> str | None:
        return branch(self._ground, places, self._ground.at.pinned.as_of)


def draw(ground: Ground) -> Report:
    letters = Letters(ground)
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(CASES | {"staff"}, ground.progress, ground.asked.unit):
        if not seen.is_within(ground.asked.unit):
            continue
        if seen.stream == "staff":
            letters.take_staff(seen)
        elif seen.is_open:
            letters.take_child(seen)
    ground.refuse_empty(letters.children)
    tables = [Table(name="letters", title="Letters", columns=COLUMNS, rows=list(letters.rows()))]
    if ground.reader.case_level:
        rows = sorted(letters.without, key=str)
        tables.append(Table(name="without", title="Children without a safety letter in force",
                            columns=WITHOUT, rows=rows))  # fmt: skip
    return ground.report(children=letters.children, tables=tables, notes=NOTES, days=True)


def signed_for(child: Seen) -> Iterator[Signature]:
    for entry in child.current:
        rec: Any = entry.rec
        if isinstance(rec, ResponsibilityLetterSigned):
            yield "family", rec.letter, entry.occurred_on, rec.valid_until
        elif isinstance(rec, PledgeSigned):
            yield "child", rec.pledge, entry.occurred_on, None


def of_duty(entry: Entry) -> Iterator[Signature]:
    if isinstance(entry.rec, DutyAgreementSigned):
        yield "staff", entry.rec.role, entry.occurred_on, entry.rec.valid_until


def is_safety(signature: Signature) -> bool:
    return signature[:2] == ALWAYS[0]


def holds(signature: Signature, day: date) -> bool:
    _, _, signed_on, last_day = signature
    return signed_on <= day and (last_day is None or day <= last_day)
