"""R6: filing, enrolment and retention (建档率 入学率 巩固率), each with its denominator and scope."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from services.casefile.domain.families.schooling import AWAY_FROM_SCHOOL
from services.casefile.domain.families.unit_work import BaselineSurveyConducted
from services.casefile.history.cohort import CASES, Seen
from services.casefile.history.view import facts_of
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Share, Table

COLUMNS = (
    Column("rate", "Rate", "code"),
    Column("share", "Children", "share"),
    Column("definition", "Definition", "code"),
)
MOVES = (Column("movement", "Movement", "code"), Column("children", "Children", "count"))
AT_SCHOOL = ("enrolled", "returned", "transferred")
COMPULSORY = range(6, 16)
NOTES = (
    "Compulsory age: 6 to 15 by the year of birth, in the school year the cut lies in.",
    (
        "The survey is the latest one on file in the scope; of a survey of the unit itself and of "
        "units below it, the unit's own counts."
    ),
    "A child whose status at school is not on file counts as at school if a school is on file.",
    (
        "Retained: at school on the first day and on the last, of those at school on the first day "
        "whose file was not closed or moved to another school meanwhile."
    ),
)
NO_SURVEY = "No baseline survey is on file in this scope, so there is no filing rate."


class Survey(NamedTuple):
    """How many children a survey counted, and how many of them are left behind."""

    children: int
    wanted: int
    left_behind: int | None


class Cohorts:
    """The children as they are counted for the three rates."""

    def __init__(self, ground: Ground) -> None:
        self._as_of, self._since = ground.at.pinned.as_of, ground.since
        self.open = self.with_card = self.of_age = self.at_school = self.began = self.stayed = 0
        self.moves = {"closed": 0, "moved": 0, "left_school": 0, "joined": 0}

    def take(self, child: Seen) -> None:
        if child.is_open:
            self.open += 1
            self.with_card += child.fact("contact_card.verified_with") is not None
            if is_of_age(child, self._as_of):
                self.of_age += 1
                self.at_school += is_at_school(child.fact)
        self._retained(child)

    def _retained(self, child: Seen) -> None:
        then = facts_of([e for e in child.entries if e.occurred_on <= self._since])
        was_on_file = "status" in then and then["status"].value == "open"
        if not is_of_age(child, self._as_of):
            return
        if not was_on_file:
            self.moves["joined"] += child.is_open
            return
        if not is_at_school(lambda path: then[path].value if path in then else None):
            return
        self._began(child, then["child.school"].value if "child.school" in then else None)

    def _began(self, child: Seen, school: object) -> None:
        if not child.is_open:
            self.moves["closed"] += 1
        elif child.fact("child.school") != school:
            self.moves["moved"] += 1
        else:
            self.began += 1
            self.stayed += is_at_school(child.fact)
            self.moves["left_school"] += not is_at_school(child.fact)


def draw(ground: Ground) -> Report:
    cohorts = Cohorts(ground)
    surveys: list[tuple[Seen, BaselineSurveyConducted]] = []
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(CASES | {"unit"}, ground.progress, ground.asked.unit):
        if not seen.is_within(ground.asked.unit):
            continue
        if seen.stream == "case" and seen.fact("status") is not None:
            cohorts.take(seen)
        elif seen.stream == "unit":
            surveys += ((seen, rec) for rec in surveyed(seen))
    survey = latest(ground, surveys)
    ground.refuse_empty(cohorts.open + sum(cohorts.moves.values()) + bool(survey))
    moves = [(name, count) for name, count in cohorts.moves.items()]
    return ground.report(
        children=cohorts.open,
        tables=(
            Table(name="rates", title="Rates", columns=COLUMNS, rows=list(rates(cohorts, survey))),
            Table(name="movements", title="Movements", columns=MOVES, rows=moves),
        ),
        notes=NOTES if survey else (*NOTES, NO_SURVEY),
        days=True,
    )


def rates(cohorts: Cohorts, survey: Survey | None) -> Iterator[Row]:
    if survey is not None:
        yield "filing", Share(cohorts.open, survey.wanted), "open_files_of_surveyed"
        if survey.left_behind is not None:
            share = Share(survey.left_behind, survey.children)
            yield "left_behind_share", share, "left_behind_of_surveyed"
    yield "contact_cards", Share(cohorts.with_card, cohorts.open), "verified_cards_of_open_files"
    yield "enrolment", Share(cohorts.at_school, cohorts.of_age), "at_school_of_compulsory_age"
    yield "retention", Share(cohorts.stayed, cohorts.began), "still_at_school_of_first_day"


def surveyed(unit: Seen) -> Iterator[BaselineSurveyConducted]:
    return (e.rec for e in unit.current if isinstance(e.rec, BaselineSurveyConducted))


def latest(ground: Ground, found: list[tuple[Seen, BaselineSurveyConducted]]) -> Survey | None:
    """The last campaign; what the unit itself counted, or else what those below it did."""
    if not found:
        return None
    campaign = max(found, key=lambda each: (each[1].ended_on, each[1].campaign))[1].campaign
    by_unit = {str(unit.fact("unit.code")): rec for unit, rec in found if rec.campaign == campaign}
    counted = list(outermost(ground, by_unit).values())
    left_behind = [rec.left_behind for rec in counted if rec.left_behind is not None]
    wanted = sum(rec.children if rec.left_behind is None else rec.left_behind for rec in counted)
    return Survey(
        children=sum(rec.children for rec in counted),
        wanted=wanted,
        left_behind=sum(left_behind) if len(left_behind) == len(counted) else None,
    )


def outermost(
    ground: Ground, by_unit: dict[str, BaselineSurveyConducted]
) -> dict[str, BaselineSurveyConducted]:
    """Without the units whose children were counted by one above them too."""
    day = ground.at.pinned.as_of
    above = {code: ground.at.units.chain(code, day)[1:] for code in by_unit}
    return {
        code: rec for code, rec in by_unit.items() if not any(u in by_unit for u in above[code])
    }


def is_of_age(child: Seen, day: date) -> bool:
    born = child.fact("child.birth_year")
    begun = day.year if day.month >= 9 else day.year - 1
    return isinstance(born, int) and begun - born in COMPULSORY


def is_at_school(fact: Callable[[str], object]) -> bool:
    status = fact("school.status")
    if status is None:
        return fact("child.school") is not None
    return status in AT_SCHOOL and status not in AWAY_FROM_SCHOOL
