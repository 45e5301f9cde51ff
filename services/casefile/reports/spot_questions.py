"""R30: does she know each child by heart (一口清): children of one member of staff, drawn by lot."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import LONG_CODE
from services.casefile.domain.families.contact import HomeVisitMade, TalkHeld
from services.casefile.domain.families.health import MedicalHistoryRecorded
from services.casefile.domain.filled import filled
from services.casefile.domain.refusals import Absent
from services.casefile.domain.sampling import EVERYBODY, Drawn
from services.casefile.domain.sampling import draw as by_lot
from services.casefile.history.cohort import Seen
from services.casefile.history.disclosing import disclosure
from services.casefile.log.disclosure import Disclosure
from services.casefile.reports.asking import Ground, WrongValue
from services.casefile.reports.callback import lottery
from services.casefile.reports.dossier import told
from services.casefile.reports.load import answering
from services.casefile.reports.report import Column, Report, Row, Table

MOST = 10
COLUMNS = (
    Column("case", "Case", "case"),
    Column("name", "Name", "fields"),
    Column("question", "Question", "code"),
    Column("answer", "On file", "fields"),
    Column("since", "Stated on", "day"),
    Column("filed", "State", "code"),
    Column("said", "What she or he said"),
)
SIGNATURES = ("Member of staff", "Asked by")
NOTES = (
    "Drawn are at most ten of the open files that this member of staff answers for at the cut, as a worker or as a mentor.",
    "With the same seed and the same children the same ones are drawn again. Where no seed is given, it is made of the member of staff and the place in the log.",
    "What is not on file is a finding too: nobody can be held to know it. Of money, nothing on file may mean that nothing was granted.",
    "The last talk is the last one held; what worried her and the next step are those of the last talk that says any of it.",
)
# What is asked, and the facts that answer it.
FACTS = {
    "grade_and_class": ("child.grade", "child.class_unit"),
    "guardian": ("guardian.type", "guardian.name", "guardian.relation", "guardian.phone"),
    "father": (
        "parents.father.whereabouts", "parents.father.work_place", "parents.father.away_since",
    ),
    "mother": (
        "parents.mother.whereabouts", "parents.mother.work_place", "parents.mother.away_since",
    ),
    "boarding": ("school.boarding", "school.goes_home"),
}  # fmt: skip
CALLED = {"guardian.type": "guardian_type"}
WORRIES = ("mood", "own_words", "concerns", "next_step")
GRANT = ("scheme", "rhythm", "payer", "starts_on", "ends_on")


class NobodyAnsweredFor(Absent):
    """This member of staff answered for no child with an open file at the cut."""

    remedy = "Check the staff id, or ask for a day on which children were assigned or paired."


class Answer(NamedTuple):
    """What the file says to a question, and the day it was last said."""

    says: dict[str, Any]
    since: date | None


def draw(ground: Ground) -> Report:
    assert ground.asked.staff is not None
    staff, seed = ground.asked.staff, seed_of(ground)
    mine = {child.id: EVERYBODY for child in ground.open_cases() if staff in answering(child)}
    if not mine:
        raise NobodyAnsweredFor
    sample = by_lot(mine, seed, min(MOST, len(mine)))
    rows = [row for case_id in sample.cases for row in sheet(ground, ground.at.case(case_id))]
    table = Table(name="questions", title="Questions", columns=COLUMNS, rows=rows)
    data = lot(sample, seed)
    return ground.report(
        children=len(sample.cases),
        tables=(table,),
        paragraphs=(lottery(data, len(sample.cases)),),
        notes=NOTES,
        data=data,
    )


def seed_of(ground: Ground) -> str:
    asked = ground.asked.seed
    if asked is None:
        return f"{ground.asked.staff}-{ground.at.pinned.position}"
    if not re.search(LONG_CODE, asked):
        raise WrongValue("seed", values="A-Z a-z 0-9 . _ -")
    return asked


def lot(sample: Drawn, seed: str) -> dict[str, object]:
    return {
        "signatures": SIGNATURES,
        "seed": seed,
        "population": sample.population,
        "population_hash": sample.population_hash,
        "sample": [str(case_id) for case_id in sample.cases],
    }


def sheet(ground: Ground, child: Seen) -> Iterator[Row]:
    """A line for each question, whether or not the file can answer it."""
    opening = disclosure(ground.keyring, child.id, child.recorded)
    name = told(answer(child, opening, ("child.name",)).says)
    for question, found in answers(child, opening):
        says = told(found.says) if found.says else None
        yield (child.id, name, question, says, found.since, filed(found), None)


def filed(found: Answer) -> str:
    return "on_file" if found.says else "not_on_file"


def answers(child: Seen, opening: Disclosure) -> Iterator[tuple[str, Answer]]:
    for question, paths in FACTS.items():
        yield question, answer(child, opening, paths)
    talks, visits, histories = (
        [entry for entry in child.current if isinstance(entry.rec, sort)]
        for sort in (TalkHeld, HomeVisitMade, MedicalHistoryRecorded)
    )
    worried = [entry for entry in talks if filled(entry.rec, WORRIES)]
    yield "health", health(of_last(histories, opening, ("conditions", "allergies")))
    yield "last_talk", of_last(talks, opening, ("place",))
    yield "last_home_visit", of_last(visits, opening, ("met",))
    yield "worries", of_last(worried, opening, WORRIES)
    yield "money", money(child)


def answer(child: Seen, opening: Disclosure, paths: tuple[str, ...]) -> Answer:
    says: dict[str, Any] = {}
    days = []
    for path in paths:
        fact = child.facts.get(path)
        shown = None if fact is None else opening.fact(fact)
        if fact is not None and shown is not None:
            says[CALLED.get(path, path.rpartition(".")[2])] = shown
            days.append(fact.since)
    return Answer(says, max(days, default=None))


def of_last(entries: list[Entry], opening: Disclosure, fields: tuple[str, ...]) -> Answer:
    if not entries:
        return Answer({}, None)
    last = max(entries, key=lambda entry: (entry.occurred_on, entry.version))
    says = opening.entry(last)
    shown = {name: says[name] for name in fields if name in says}
    return Answer({"occurred_on": last.occurred_on, **shown}, last.occurred_on)


def health(found: Answer) -> Answer:
    """Asked, and told of nothing: that is on file too."""
    return found._replace(says={"conditions": "none", **found.says}) if found.says else found


def money(child: Seen) -> Answer:
    """Grants that were not stopped."""
    facts = child.under("grants").values()
    held = [fact for fact in facts if fact.value["state"] != "stopped"]
    says = [
        {
            **{name: fact.value[name] for name in GRANT if fact.value.get(name) is not None},
            "amount_fen": fact.value["fen"],
        }
        for fact in held
    ]
    days = [fact.since for fact in held]
    return Answer({"grants": says} if says else {}, max(days, default=None))
