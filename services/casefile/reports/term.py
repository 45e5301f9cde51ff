"""What happened to the children of a scope on the days of a term, counted in one go over the log."""

from collections import Counter
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.assignment import PairingEffectReviewed
from services.casefile.domain.families.health import HealthCheckDone
from services.casefile.domain.families.unit_work import BaselineSurveyConducted
from services.casefile.domain.record import StreamType
from services.casefile.history.cohort import Seen
from services.casefile.history.rows import lag_days
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.compliance import Tally as Outcomes
from services.casefile.reports.funding import granted
from services.casefile.reports.lags import DEADLINE, IMPORTED, is_own
from services.casefile.reports.plans import Work
from services.casefile.reports.rates import Cohorts, latest, surveyed
from services.casefile.reports.report import Cell, Row, Share
from services.casefile.reports.tallying import Tally

EVERYTHING: frozenset[StreamType] = frozenset(("case", "unit", "group", "staff"))
GUARDIANS = {
    "with_grandparents": "grandparent",
    "with_one_parent": "parent_single",
    "with_relatives": "relative_friend",
    "in_institutions": "institution",
    "without_guardian": "none",
    "guardian_not_stated": "not_stated",
}
KINDS = {
    "opened": "opening",
    "closed": "closure",
    "talks": "talk",
    "home_visits": "home_visit",
    "attempts": "home_visit_attempt",
    "calls": "family_call",
    "letters": "letter",
    "parent_contacts": "parent_contact",
    "guardian_contacts": "guardian_contact",
    "checks": "health_check",
    "awards": "award",
    "incidents": "incident",
}
PROGRESS = ("much_progress", "some_progress")
MOST_NAMED = 3


class Term:
    """The counts of one term, filled stream by stream."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._cohorts = Cohorts(ground)
        self._work = Work(ground)
        self._surveys: list[tuple[Seen, BaselineSurveyConducted]] = []
        self._who = Tally()
        self._by_unit: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._outcomes = Outcomes()
        self._missed_by_rule: Counter[str] = Counter()
        self._checked: set[UUID] = set()
        self._abnormal = self._reviewed = self._progress = 0
        self._late = self._records = 0
        self._paired = self._pairs = 0
        self._grants = self._granted = self._paid = self._goods = self._unverified = 0

    @property
    def children(self) -> int:
        return self._cohorts.open

    def take(self, seen: Seen) -> None:
        if seen.stream != "case":
            self._work.take(seen)
            self._surveys += ((seen, rec) for rec in surveyed(seen))
        elif seen.fact("status") is not None:
            self._child(seen)

    def figures(self) -> dict[str, Cell]:
        """Every figure there is to fill in, by its name."""
        return {
            "children": self.children,
            "girls": self._who.share("sex", "female").part,
            "boys": self._who.share("sex", "male").part,
            "left_behind": self._who.share("population", "left_behind").part,
            "in_difficulty": self._who.share("population", "in_difficulty").part,
            "both": self._who.share("population", "both").part,
            **{name: self._who.share("guardian_type", v).part for name, v in GUARDIANS.items()},
            **{name: self._kinds[kind] for name, kind in KINDS.items()},
            "paired": Share(self._paired, self.children),
            "unpaired": Share(self.children - self._paired, self.children),
            "pairs": self._pairs,
            "checked": Share(len(self._checked), self.children),
            "abnormal": self._abnormal,
            **self._of_units(),
            **self._of_money(),
            **self._rates(),
            **self._obligations(),
        }

    def shares(self) -> list[Row]:
        return list(self._who.rows())

    def units(self) -> list[Row]:
        counts = sorted(self._by_unit.items())
        return [(unit, Share(count, self.children)) for unit, count in counts]

    def _child(self, child: Seen) -> None:
        self._cohorts.take(child)
        if child.is_open:
            self._open_child(child)
        for entry in child.current:
            if self._ground.in_days(entry.occurred_on):
                self._record(child, entry)
        for owed in child.obligations:
            if owed.obligor == "staff" and self._ground.in_days(owed.window.ends_on):
                self._outcomes.take(owed, proven=True)
                self._missed_by_rule[owed.rule] += owed.outcome == "missed"
        self._money(child)

    def _open_child(self, child: Seen) -> None:
        self._who.add("sex", child.fact("child.sex"))
        self._who.add("population", child.fact("child.population"))
        self._who.add("grade_at_school", child.fact("child.grade"))
        self._who.add("guardian_type", child.fact("guardian.type"))
        pairs = len(child.under("pairings"))
        self._pairs += pairs
        self._paired += pairs > 0
        place = branch(self._ground, child.places, self._ground.at.pinned.as_of)
        self._by_unit[place or ""] += 1

    def _record(self, child: Seen, entry: Entry) -> None:
        if not is_own(entry):
            return
        self._kinds[entry.kind.slug] += 1
        if entry.env.source not in IMPORTED:
            self._records += 1
            self._late += lag_days(entry) > DEADLINE
        if isinstance(entry.rec, HealthCheckDone) and child.is_open:
            self._checked.add(child.id)
            self._abnormal += entry.rec.abnormal
        if isinstance(entry.rec, PairingEffectReviewed):
            self._reviewed += 1
            self._progress += entry.rec.effect in PROGRESS

    def _money(self, child: Seen) -> None:
        for money in granted(self._ground, child):
            if money.one.form == "in_kind":
                self._goods += money.granted or 0
                continue
            self._grants += 1
            self._granted += money.granted or 0
            self._paid += money.paid
            self._unverified += money.is_unverified

    def _of_units(self) -> dict[str, Cell]:
        heads, guardians = self._work.heads
        return {
            "sessions": self._work.count("group_session"),
            "heads": heads,
            "guardians": guardians,
            "meetings": self._work.count("leading_group_meeting"),
            "trainings": self._work.count("worker_training"),
        }

    def _of_money(self) -> dict[str, Cell]:
        return {
            "grants": self._grants,
            "granted": self._granted,
            "paid": self._paid,
            "goods": self._goods,
            "unverified": self._unverified,
        }

    def _rates(self) -> dict[str, Cell]:
        survey, cohorts = latest(self._ground, self._surveys), self._cohorts
        return {
            "filing": Share(cohorts.open, survey.wanted) if survey else None,
            "enrolment": Share(cohorts.at_school, cohorts.of_age),
            "retention": Share(cohorts.stayed, cohorts.began),
            "without_card": Share(cohorts.open - cohorts.with_card, cohorts.open),
            "progress": Share(self._progress, self._reviewed),
            "late": Share(self._late, self._records),
        }

    def _obligations(self) -> dict[str, Cell]:
        found = self._outcomes
        whole = found.fulfilled + found.late + found.missed
        missed = self._missed_by_rule.most_common(MOST_NAMED)
        titles = {r.rule.code: r.rule.title for r in self._ground.at.rulebook.rulings}
        most = [titles.get(rule, rule) for rule, count in missed if count]
        return {
            "kept": Share(found.fulfilled, whole),
            "missed": Share(found.missed + found.late, whole),
            "made_good": found.late,
            "open": found.open,
            "missed_most": "、".join(most) or None,
        }


def read_term(ground: Ground) -> Term:
    term = Term(ground)
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(EVERYTHING, ground.progress, ground.asked.unit):
        if seen.is_within(ground.asked.unit):
            term.take(seen)
    ground.refuse_empty(term.children)
    return term
