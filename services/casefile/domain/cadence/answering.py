"""Who was answerable for a rule, day by day, through hand-overs and empty posts."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.casefile.domain.cadence.conditions import Day
from services.casefile.domain.cadence.days import ONE
from services.casefile.domain.cadence.known import View
from services.casefile.domain.cadence.obligation import Answerable
from services.casefile.domain.cadence.policy import Rule

# When nobody holds the post, the unit it belongs to has to answer.
PLACE_OF = {
    "class_teacher": "class_unit",
    "subject_teacher": "class_unit",
    "child_director": "village",
    "village_cadre": "village",
    "grid_worker": "village",
}


def answerable(
    rule: Rule, view: View, version: int, since: date, until: date
) -> tuple[Answerable, ...]:
    """Spans without a gap from one day to another."""
    spans: list[Answerable] = []
    for day, last in _stretches(view, since, until):
        staff, unit = _who(rule, Day(view, day, version))
        before = spans[-1] if spans else None
        if before is not None and (before.staff, before.unit) == (staff, unit):
            spans[-1] = Answerable(before.since, last, staff, before.role, unit)
        else:
            spans.append(Answerable(day, last, staff, rule.role, unit))
    return tuple(spans)


def _stretches(view: View, since: date, until: date) -> Iterator[tuple[date, date]]:
    starts = [since, *(day for day in view.days if since < day <= until)]
    for start, following in zip(starts, [*starts[1:], until + ONE], strict=True):
        yield start, following - ONE


def _who(rule: Rule, on: Day) -> tuple[str | None, str | None]:
    if rule.obligor == "parent" or rule.role is None:
        return None, _place(rule, on)
    worker = on.ask(f"workers.{rule.role}")
    if worker is not None:
        return worker["staff"], worker["unit"] or _place(rule, on)
    if rule.role == "mentor" and (staff := _mentor(on)) is not None:
        return staff, _place(rule, on)
    return None, _place(rule, on)


def _mentor(on: Day) -> str | None:
    """The member of staff paired with the child; of several, the first."""
    pairings: dict[str, Any] = on.view.under("pairings", on.day, on.version)
    mentors = (p.get("mentor") for _, p in sorted(pairings.items()))
    return next((mentor for mentor in mentors if mentor is not None), None)


def _place(rule: Rule, on: Day) -> str | None:
    named = PLACE_OF.get(rule.role or "", "school")
    order = dict.fromkeys((named, "school", "village"))
    return next((place for name in order if (place := on.ask(f"child.{name}"))), None)
