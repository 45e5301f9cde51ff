"""R2: how much of what was owed was done, so many of so many, by rule and by unit below the scope."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from services.casefile.domain.cadence.obligation import Obligation
from services.casefile.domain.evidence_grade import NAMES, Grade, grade_named
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground, WrongValue
from services.casefile.reports.branches import branch, places_of
from services.casefile.reports.report import Cell, Column, Report, Row, Share, Table
from services.casefile.reports.windows import Evidence, windows

COUNTS = (
    Column("kept", "Kept", "share"),
    Column("kept_in_time", "Kept and entered in time", "share"),
    Column("missed", "Missed", "count"),
    Column("made_good", "Missed, then made good", "count"),
    Column("waived", "Waived", "count"),
    Column("suspended", "Suspended", "count"),
    Column("not_due", "Not due", "count"),
    Column("still_open", "Not decided", "count"),
)
POLICY = (Column("policy", "Policy"), Column("version", "Version"))
BY_RULE = (*POLICY, Column("obligor", "Owed by", "code"), Column("rule", "Rule"))
TITLE = Column("rule_title", "Title")
BY_BRANCH = (*POLICY, Column("obligor", "Owed by", "code"), Column("branch", "Unit", "unit"))
NOTES = (
    "Kept: done before the window closed, of all windows that were owed and are decided.",
    "A window counts by its last day. A miss stays a miss, also when it was made good.",
    "Staff and parents are never counted together, nor two versions of a policy.",
)
GRADED = "Kept counts only windows whose proofs have at least the grade of evidence asked for."
Key = tuple[Cell, ...]


class Tally(msgspec.Struct):
    """What came of some windows. `unproven`: done, but on weaker evidence than was asked for."""

    fulfilled: int = 0
    in_time: int = 0
    unproven: int = 0
    late: int = 0
    missed: int = 0
    waived: int = 0
    suspended: int = 0
    not_due: int = 0
    open: int = 0

    def take(self, owed: Obligation, *, proven: bool) -> None:
        if owed.outcome == "fulfilled" and not proven:
            self.unproven += 1
            return
        setattr(self, owed.outcome, getattr(self, owed.outcome) + 1)
        if owed.outcome == "fulfilled":
            self.in_time += bool(owed.in_window and owed.entered_in_time)

    @property
    def cells(self) -> Row:
        whole = self.fulfilled + self.unproven + self.late + self.missed
        kept = (Share(self.fulfilled, whole), Share(self.in_time, whole))
        others = (self.waived, self.suspended, self.not_due, self.open)
        return (*kept, self.missed, self.late, *others)


class Tallies:
    """By rule, and by unit; and how many children there were."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._least = grade_of(ground.asked.grade)
        self._evidence: Evidence | None = None
        self._child: Seen | None = None
        self.children = 0
        self.by_rule: defaultdict[Key, Tally] = defaultdict(Tally)
        self.by_branch: defaultdict[Key, Tally] = defaultdict(Tally)

    def take(self, child: Seen, owed: Obligation) -> None:
        if child is not self._child:
            self._child = child
            self._evidence = None if self._least is None else Evidence(child, self._least)
            self.children += 1
        policy = (owed.policy, owed.version, owed.obligor)
        place = branch(self._ground, places_of(owed.place), owed.window.ends_on)
        proven = self._is_proven(owed)
        self.by_rule[*policy, owed.rule].take(owed, proven=proven)
        self.by_branch[*policy, place].take(owed, proven=proven)

    def _is_proven(self, owed: Obligation) -> bool:
        return self._evidence is None or self._evidence.proves(owed)


def draw(ground: Ground) -> Report:
    tallies = Tallies(ground)
    for child, owed in windows(ground):
        tallies.take(child, owed)
    titles = titles_of(ground)
    rules = [
        (*key, titles.get((key[0], key[1], key[3])), *cells)
        for key, cells in laid_out(tallies.by_rule)
    ]
    units = [(*key, *cells) for key, cells in laid_out(tallies.by_branch)]
    return ground.report(
        children=tallies.children,
        tables=(
            Table(name="rules", title="By rule", columns=(*BY_RULE, TITLE, *COUNTS), rows=rules),
            Table(name="units", title="By unit", columns=(*BY_BRANCH, *COUNTS), rows=units),
        ),
        notes=(*NOTES, GRADED) if ground.asked.grade else NOTES,
        days=True,
        data={"grade": ground.asked.grade} if ground.asked.grade else None,
    )


def laid_out(tallies: Mapping[Key, Tally]) -> Iterator[tuple[Key, Row]]:
    for key in sorted(tallies, key=str):
        yield key, tallies[key].cells


def titles_of(ground: Ground) -> dict[tuple[Cell, ...], str]:
    return {
        (r.policy.policy, r.policy.version, r.rule.code): r.rule.title
        for r in ground.at.rulebook.rulings
    }


def grade_of(name: str | None) -> Grade | None:
    if name is None:
        return None
    if name not in NAMES:
        raise WrongValue("grade", values=", ".join(NAMES))
    return grade_named(name)
