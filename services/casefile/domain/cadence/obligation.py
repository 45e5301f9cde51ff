"""What came of one window of one rule, for one child, unit or worker."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

import msgspec

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.cadence.policy import Obligor
from services.casefile.domain.cadence.window import Window
from services.casefile.domain.record import Record

Outcome = Literal["open", "fulfilled", "missed", "late", "waived", "suspended", "not_due"]
State = Literal[
    "open", "due_soon", "overdue", "fulfilled", "missed", "late", "waived", "suspended", "not_due"
]
Why = Literal["began_late", "ended_early", "outside_term"]


class Answerable(msgspec.Struct, frozen=True, gc=False):
    """Who owed it from one day to another, both included. Nobody: the post was empty."""

    since: date
    until: date
    staff: str | None
    role: str | None
    unit: str | None


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where the child belonged on the window's last day; of a unit, the unit itself."""

    village: str | None = None
    school: str | None = None
    class_unit: str | None = None
    unit: str | None = None


class Obligation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A window and what came of it.

    `late` is a miss that was made good afterwards: both stand. `in_window` and `entered_in_time`
    are two separate answers, None while nothing has been done.
    """

    subject: UUID
    policy: str
    version: int
    rule: str
    obligor: Obligor
    role: str | None
    window: Window
    outcome: Outcome
    least: int
    counted: int = 0
    proofs: tuple[UUID, ...] = ()
    attempts: int = 0
    in_window: bool | None = None
    entered_in_time: bool | None = None
    answerable: tuple[Answerable, ...] = ()
    place: Place = Place()
    due_soon_days: int = 3
    why: Why | None = None
    waiver: UUID | None = None
    overdue: UUID | None = None
    missed: UUID | None = None
    made_good: UUID | None = None

    @property
    def accountable(self) -> Answerable | None:
        """Who owed it last."""
        return self.answerable[-1] if self.answerable else None

    def state(self, now: datetime) -> State:
        """The outcome; of an open obligation also whether it is due soon or overdue."""
        if self.outcome != "open":
            return self.outcome
        if now >= self.window.overdue_from:
            return "overdue"
        left = self.window.due_on.toordinal() - day_in_china(now).toordinal()
        return "due_soon" if left <= self.due_soon_days else "open"


class Declaration(msgspec.Struct, frozen=True, gc=False):
    """A record the log owes: what has to be said, on which day, and from when on."""

    at: datetime
    record_id: UUID
    occurred_on: date
    record: Record


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """All windows of one subject up to a day, and what the log does not say of them yet."""

    obligations: tuple[Obligation, ...]
    declarations: tuple[Declaration, ...]


def declaration_id(
    subject: UUID, what: str, policy: str, version: int, rule: str, key: str, about: str = ""
) -> UUID:
    """The same for whoever declares it, whenever."""
    return uuid5(subject, f"{what}|{policy}|{version}|{rule}|{key}|{about}")
