"""Invented policies and terms, to be adopted in tests."""

from datetime import date
from typing import Any

from services.casefile.application.context import Context
from services.casefile.composition import Parts
from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.policy import Policy, Rule
from services.casefile.domain.cadence.shapes import CalendarShape
from tests.casefile.world import actor, context

AUTUMN = Term(code="2026-2027-1", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 22))
SPRING = Term(code="2026-2027-2", starts_on=date(2027, 2, 22), ends_on=date(2027, 7, 2))


def county() -> Context:
    return context(actor=actor("county", "c-001", "county_civil_affairs"))


def rule(code: str = "talk.class_teacher", **fields: Any) -> Rule:
    options: dict[str, Any] = {
        "code": code,
        "title": "班主任每月谈心",
        "shape": CalendarShape(every="month"),
        "kinds": ("talk",),
        "role": "class_teacher",
    }
    return Rule(**(options | fields))


def policy(**fields: Any) -> Policy:
    options: dict[str, Any] = {
        "policy": "school-default",
        "version": 1,
        "title": "学校基本要求",
        "effective_from": date(2026, 12, 1),
        "approved_by": "leading-group",
        "rules": (rule(),),
    }
    return Policy(**(options | fields))


def load_terms(casefile: Parts, calendar: str = "default") -> None:
    casefile.casefile.load_terms(calendar, (AUTUMN, SPRING), "县教育局校历", county())
