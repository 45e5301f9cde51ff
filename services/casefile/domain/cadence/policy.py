"""A policy: the rules an office keeps, as one versioned document."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from services.casefile.domain.cadence.shapes import Shape, Wanted
from services.casefile.domain.envelope import LONG_CODE, NO_NUMBER_OF_SOMEBODY, PublicId, UnitId

PolicyCode = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
RuleCode = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=60)]
CalendarCode = Annotated[str, Meta(pattern=LONG_CODE)]
# Titles stand in the clear in the log and on the bus. In one line, or a number hides in another.
ONE_LINE = rf"^(?![\s\S]*[\x00-\x1f\x7f\x85\u2028\u2029]){NO_NUMBER_OF_SOMEBODY}"
Title = Annotated[str, Meta(min_length=1, max_length=80, pattern=ONE_LINE)]
Remark = Annotated[str, Meta(min_length=1, max_length=400, pattern=ONE_LINE)]
SeedId = Annotated[str, Meta(pattern=r"^[A-Z]\d{2}$")]
Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z_]*$")]
Days = Annotated[int, Meta(ge=0, le=366)]
Codes = tuple[Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")], ...]

Obligor = Literal["staff", "parent"]
Subject = Literal["case", "worker", "unit"]


class Form(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Every part of a policy has this form."""


class Applies(Form, frozen=True, kw_only=True):
    """To which children a rule applies; what is not named does not matter."""

    population: Codes = ()
    care_level: Codes = ()
    risk_level: Codes = ()
    boarding: Codes = ()
    guardian_type: Codes = ()
    school_status: Codes = ()
    difficulty: Codes = ()
    special_status: Codes = ()
    priority: bool | None = None
    unit_kind: Codes = ()


class Grace(Form, frozen=True, kw_only=True):
    """How long after the due day before it is called overdue."""

    days: Days = 0
    working_days: Days = 0


class Step(Form, frozen=True, kw_only=True):
    """Who is told, and when: days before or after the due day, the overdue day or the close."""

    at: Literal["due", "overdue", "close"]
    offset_days: Annotated[int, Meta(ge=-60, le=60)] = 0
    to: Annotated[Codes, Meta(min_length=1)]


class Rule(Form, frozen=True, kw_only=True):
    """One thing that is owed, again and again.

    `obligor`: who owes it. `role`: the staff role that is accountable. `kinds`: any of these
    records is a proof, if it `requires` nothing that it lacks and was done by one of the
    `performers` (`assigned`: whoever was answerable for the child in `role` on that day).
    """

    code: RuleCode
    title: Title
    shape: Shape
    kinds: Annotated[tuple[Slug, ...], Meta(min_length=1)]
    seeds: tuple[SeedId, ...] = ()
    subject: Subject = "case"
    obligor: Obligor = "staff"
    role: Slug | None = None
    performers: Codes = ()
    requires: dict[str, Wanted] = {}
    applies: Applies = Applies()
    least: Annotated[int, Meta(ge=1, le=366)] = 1
    gap_days: Days = 0
    distinct_children: Annotated[int, Meta(ge=1, le=200)] | None = None
    terms_only: bool = False
    grace: Grace = Grace()
    entry_deadline_days: Annotated[int, Meta(ge=0, le=60)] | None = None
    roll: Literal["keep", "next_working_day", "previous_working_day"] = "keep"
    never_waivable: bool = False
    attempts_before_escalation: Annotated[int, Meta(ge=1, le=20)] = 2
    example: bool = False
    note: Remark | None = None


class Policy(Form, frozen=True, kw_only=True):
    """A policy document, as it is written in YAML and stored in the log."""

    policy: PolicyCode
    version: Annotated[int, Meta(ge=1, le=9999)]
    title: Title
    effective_from: date
    approved_by: PublicId
    rules: Annotated[tuple[Rule, ...], Meta(min_length=1, max_length=100)]
    unit: UnitId | None = None
    calendar: CalendarCode = "default"
    entry_deadline_days: Annotated[int, Meta(ge=0, le=60)] = 7
    due_soon_days: Annotated[int, Meta(ge=0, le=60)] = 3
    escalation: tuple[Step, ...] = ()
    seeds: tuple[SeedId, ...] = ()
    example: bool = False
    note: Remark | None = None

    def rule(self, code: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.code == code), None)
