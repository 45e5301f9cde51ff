"""A small term, worked by hand: a child or a unit, a few records, and what must come of each window.

The autumn term runs from 2026-09-01 to 2027-01-22; it is judged on 2027-02-10, with all windows
that begin by 2027-01-31.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from services.casefile.domain.cadence.calendar import Calendar, Term, TermsLoaded
from services.casefile.domain.cadence.days import start_of
from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.obligation import Declaration, Obligation
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.cadence.rulebook import Rulebook, rulings_of_policy
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Author, Envelope, Submission
from services.casefile.domain.families.assignment import WorkerAssigned
from services.casefile.domain.families.organisation import UnitRegistered
from services.casefile.domain.record import Record
from tests.casefile.domain.scenario import STREAM, Scenario, opened

ADOPTED = date(2026, 9, 1)
NOW = start_of(date(2027, 2, 10))
HORIZON = date(2027, 1, 31)
AUTUMN = Term(code="2026-2027-1", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 22))

TEACHER = Author("t-101", "class_teacher", "class-1")
MENTOR = Author("t-102", "mentor", "school-1")
SUBJECT_TEACHER = Author("t-103", "subject_teacher", "school-1")
DIRECTOR = Author("d-101", "child_director", "village-1")
LEAD = Author("t-100", "school_lead", "school-1")

# The months and weeks of the term; the first week has six days of it and the last five.
MONTHS = "2026-09 2026-10 2026-11 2026-12 2027-01"
WEEKS = (
    "W36 W37 W38 W39 W40 W41 W42 W43 W44 W45 W46 W47 W48 W49 W50 W51 W52 W53 2027-W01 2027-W02 "
    "2027-W03"
)
HALVES = (
    "2026-09-A 2026-09-B 2026-10-A 2026-10-B 2026-11-A 2026-11-B 2026-12-A 2026-12-B 2027-01-A "
    "2027-01-B"
)
Expected = dict[str, dict[str, str]]
EXAMPLES = Path(__file__).parents[3] / "schemas" / "records"


def day(text: str) -> str:
    """`10-05` is of 2026, `01-05` of 2027."""
    return f"{2027 if text < '08' else 2026}-{text}"


class Did(NamedTuple):
    """What was recorded on a day, and by whom."""

    on: str
    record: Record
    by: Author | None = None


def did(on: str, slug: str, by: Author | None = None, **fields: Any) -> Did:
    """The true example of a kind, with some fields as the term wants them."""
    example = json.loads((EXAMPLES / f"{slug}.v1.example.json").read_text())
    own = {k: v for k, v in example.items() if k not in Submission.__struct_fields__}
    return Did(day(on), msgspec.convert(own | fields, catalogue().slug(slug).type), by)


def each(days: str, slug: str, by: Author | None = None, **fields: Any) -> list[Did]:
    return [did(on, slug, by, **fields) for on in days.split()]


@dataclass(frozen=True)
class Worked:
    """The term of one child, or of one unit of a kind, under a bundle."""

    bundle: str
    expected: Expected
    given: Sequence[Did] = ()
    unit: str | None = None

    def __str__(self) -> str:
        return f"{self.bundle}-{self.unit or 'child'}"


def but(windows: str, without: str) -> str:
    """The windows without some of them."""
    return " ".join(w for w in windows.split() if w not in without.split())


def child() -> Scenario:
    """A left-behind child whose people were named on the first day."""
    stream = opened("2026-09-01", village="village-1", class_unit="class-1")
    for author in (TEACHER, MENTOR, SUBJECT_TEACHER, DIRECTOR):
        stream.given(WorkerAssigned(role=author.role, staff=author.staff), "2026-09-01")
    return stream


def unit_of(kind: str) -> Scenario:
    registered = UnitRegistered(
        code="unit-1",
        unit_name="禾田",
        unit_kind=kind,
        valid_from=date(2020, 9, 1),
        parent="town-1",
    )
    return Scenario(born_on=None).given(registered, "2020-09-01")


def rulebook(policy: Policy) -> Rulebook:
    calendar = Calendar(terms=[TermsLoaded((AUTUMN,), date(2026, 7, 1))])
    rulings = list(rulings_of_policy([(policy, ADOPTED)], ()))
    return Rulebook(rulings, {"default": calendar, "": calendar}, Alone())


class Alone:
    """Units that belong to nothing."""

    def chain(self, code: str, day: date) -> Sequence[str]:
        return (code,)


def outcomes(policy: Policy, stream: Scenario, kind: Literal["case", "unit"]) -> Expected:
    """By rule and outcome the windows, in the form in which they are written by hand."""
    entries, rules = list(stream.entries), rulebook(policy)
    found = judge(Subject(STREAM, kind, entries), rules, NOW, HORIZON)
    entries += [_declared(d, len(entries) + n) for n, d in enumerate(found.declarations, 1)]
    found = judge(Subject(STREAM, kind, entries), rules, NOW, HORIZON)
    assert found.declarations == (), "what was declared is declared once"
    told: Expected = {}
    for each in found.obligations:
        windows = told.setdefault(each.rule, {})
        windows[each.outcome] = f"{windows.get(each.outcome, '')} {_shown(each, entries)}".strip()
    return told


def _declared(declaration: Declaration, version: int) -> Entry:
    author = Author("casefile", "system", "system")
    env = Envelope(
        record_id=declaration.record_id,
        occurred_on=declaration.occurred_on,
        recorded_by=author,
        source="system",
    )
    kind = catalogue().of(type(declaration.record))
    return Entry(STREAM, version, version, NOW, kind, env, declaration.record)


def _shown(obligation: Obligation, entries: Sequence[Entry]) -> str:
    """`W37`, `2026-09`, `term`, `term_start`; of a trigger the day it happened."""
    key = obligation.window.key
    if obligation.window.trigger is not None:
        return next(f"{e.occurred_on:%m-%d}" for e in entries if str(e.record_id) == key)
    key = re.sub(r"^2026-W", "W", key)
    return key.replace("2026-2027-1:", "").replace("2026-2027-1", "term")


def given(worked: Worked) -> Scenario:
    """The stream of a worked term."""
    stream = unit_of(worked.unit) if worked.unit else child()
    for on, record, by in sorted(worked.given, key=lambda done: done.on):
        author = by or (LEAD if worked.unit else TEACHER)
        stream.given(record, on, performed_by=author, recorded_by=author)
    return stream


def in_form(expected: Expected) -> dict[str, dict[str, list[str]]]:
    return {
        rule: {outcome: windows.split() for outcome, windows in told.items()}
        for rule, told in expected.items()
    }
