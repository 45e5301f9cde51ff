"""What the county's policies ask for beyond what was done anyway: kept by most, not by all."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from services.casefile.demo.calendar import Calendar
from services.casefile.demo.children import Child
from services.casefile.demo.opening import level_of
from services.casefile.demo.planned import Script
from services.casefile.demo.policies import AT_RISK
from services.casefile.demo.recording import Diary
from services.casefile.domain.cadence.days import ONE
from services.casefile.domain.cadence.shapes import Span
from services.casefile.domain.cadence.spans import containing

PARENTS_KEEP = 0.9


def keep(script: Script, child: Child, opened_on: date, calendar: Calendar) -> None:
    """Has a die of its own, so that the rest of the story stays as it was."""
    random = Random(child.case_id.int)  # noqa: S311
    diary = Diary(calendar, random)
    if level_of(child) in AT_RISK:
        for since, until in _windows("half_month", calendar.visits_since, calendar, opened_on):
            _visit(script, child, _day(random, since, until), diary)
    if child.teacher is not None and child.township.is_mountain:
        for since, until in _windows("iso_week", calendar.calls_since, calendar, opened_on):
            if random.random() < PARENTS_KEEP:
                _call(script, child, _day(random, since, until), diary, random)


def _windows(
    span: Span, since: date, calendar: Calendar, opened_on: date
) -> Iterator[tuple[date, date]]:
    """Windows from a day on and after the file was opened, the last one until yesterday."""
    day = max(since, opened_on)
    while day < calendar.today:
        window = containing(span, day)
        yield day, min(window.ends_on, calendar.today - ONE)
        day = window.ends_on + ONE


def _day(random: Random, since: date, until: date) -> date:
    return since + timedelta(days=random.randint(0, (until - since).days))


def _visit(script: Script, child: Child, day: date, diary: Diary) -> None:
    worker = child.director
    if diary.happens(worker.character):
        script.add(
            "guardian_contact", day, diary.recorded(day, worker.character), worker,
            mode="visit", outcome="informed", feedback_given=True, topics=["life", "safety"],
        )  # fmt: skip


def _call(script: Script, child: Child, day: date, diary: Diary, random: Random) -> None:
    script.add(
        "family_call", day, diary.recorded(day, child.worker.character), child.worker,
        mode="video", connected=True, initiated_by="parent", minutes=random.randint(5, 30),
        parties=["child", random.choice(("mother", "father"))],
    )  # fmt: skip
