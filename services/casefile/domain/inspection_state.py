"""Where each finding of an inspection stands, read off the facts of its stream."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from services.casefile.domain.facts import Fact, Facts, under, value

FindingState = Literal["open", "explained", "upheld", "rectified", "withdrawn", "settled"]
SETTLED: tuple[FindingState, ...] = ("withdrawn", "settled")
UNSETTLED: tuple[FindingState, ...] = tuple(s for s in get_args(FindingState) if s not in SETTLED)
DECIDED: Mapping[str, FindingState] = {"withdrawn": "withdrawn", "rectified": "settled"}


def state_of(facts: Facts, finding: str) -> FindingState:
    """`rectified` means that somebody says so; `settled`, that the inspection accepted it."""
    decided, rectified = facts.get(f"decided.{finding}"), facts.get(f"rectified.{finding}")
    if decided is not None and decided.value in DECIDED:
        return DECIDED[decided.value]
    if rectified is not None and is_later(rectified, decided):
        return "rectified"
    if decided is not None:
        return "upheld"
    return "explained" if value(facts, f"explained.{finding}") else "open"


def is_later(fact: Fact, than: Fact | None) -> bool:
    return than is None or fact.entry.version > than.entry.version


def open_findings(facts: Facts) -> list[str]:
    return [f for f in under(facts, "findings") if state_of(facts, f) in UNSETTLED]


def is_overdue(state: str, deadline: date, today: date) -> bool:
    """The deadline is over, and nobody has said that it was put right."""
    return state in ("open", "explained", "upheld") and deadline < today
