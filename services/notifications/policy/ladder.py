"""The ladder: who hears what, when and through what, as one document."""

from datetime import date, time
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Role = Literal[
    "child_director", "child_supervisor", "class_teacher", "subject_teacher", "life_teacher",
    "mentor", "records_officer", "school_lead", "social_worker", "grid_worker", "counsellor",
    "village_cadre", "volunteer", "liaison", "county_civil_affairs", "county_education",
    "women_federation", "youth_league", "inspector", "adviser",
]  # fmt: skip
# `accountable`: whom the message names. `care_team`: whoever is assigned to the child.
Recipient = Literal["accountable", "care_team", Role]
# `in_app` is the inbox, where everything is anyway: a step that names nothing else leaves it there.
Channel = Literal["in_app", "smtp", "webhook", "wecom", "dingtalk", "feishu", "apprise"]
Channels = Annotated[tuple[Channel, ...], Meta(max_length=7)]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Severity = Literal["near_miss", "minor", "serious", "critical", "fatal"]
Recipients = Annotated[tuple[Recipient, ...], Meta(min_length=1, max_length=20)]
# `concerned`: the worker a finding names, else who cares for the child, else who leads the unit.
FindingRecipient = Literal["concerned", Recipient]
FindingRecipients = Annotated[tuple[FindingRecipient, ...], Meta(min_length=1, max_length=20)]
Event = Literal["emergency", "incident", "mandatory_report"]


def clock(text: str) -> time:
    """`07:30` as a time of the day."""
    return time.fromisoformat(text)


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every part of a ladder has this form."""


class QuietHours(Form, frozen=True, kw_only=True):
    """From the evening until the morning nothing is sent, but for the safety of a child."""

    since: Clock = "21:00"
    until: Clock = "07:00"

    def __contains__(self, moment: time) -> bool:
        since, until = clock(self.since), clock(self.until)
        if since <= until:
            return since <= moment < until
        return moment >= since or moment < until


class Rung(Form, frozen=True, kw_only=True):
    """One step about an obligation: days before or after it is due, overdue, missed, escalated."""

    code: Code
    at: Literal["due", "overdue", "missed", "escalated"]
    to: Recipients
    offset_days: Annotated[int, Meta(ge=-60, le=60)] = 0
    urgency: Literal["now", "digest"] = "digest"
    channels: Channels = ()


class SafetyRung(Form, frozen=True, kw_only=True):
    """Who hears of a safety event; those told at once are told whatever the hour."""

    code: Code
    on: Event
    to: Recipients
    urgency: Literal["now", "digest"] = "now"
    severity: tuple[Severity, ...] = ()
    channels: Channels = ()


class FindingRung(Form, frozen=True, kw_only=True):
    """One step about a finding of an inspection: when it is raised, or days before its two days."""

    code: Code
    at: Literal["raised", "reply_by", "deadline"]
    to: FindingRecipients
    offset_days: Annotated[int, Meta(ge=-20, le=0)] = 0
    urgency: Literal["now", "digest"] = "digest"
    channels: Channels = ()


# Of a ladder that says nothing of findings.
FINDINGS = (
    FindingRung(code="finding", at="raised", to=("concerned",), urgency="now"),
    FindingRung(code="finding_reply", at="reply_by", to=("concerned",), offset_days=-2),
    FindingRung(code="finding_deadline", at="deadline", to=("concerned",), offset_days=-3),
)


# Who is concerned where nobody else can be told: who leads the unit, or the county.
CONCERNED: tuple[tuple[Role, ...], ...] = (
    ("school_lead", "child_director", "child_supervisor"),
    ("county_civil_affairs",),
)


class Days(Form, frozen=True, kw_only=True):
    """Days off and make-up working days of the office that the official notice does not name."""

    off: tuple[date, ...] = ()
    work: tuple[date, ...] = ()


class Ladder(Form, frozen=True, kw_only=True):
    """A ladder document. `staff`: what workers owe; `parents`: what a parent's silence tells.

    `findings`: what an inspection found.

    `at_once_per_day`: what one person is told at once on one day; the rest is in the digest.
    `most_per_role`: how many holders of one role at one unit hear of a thing.
    """

    ladder: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    version: Annotated[int, Meta(ge=1, le=9999)]
    title: Annotated[str, Meta(min_length=1, max_length=80)]
    staff: Annotated[tuple[Rung, ...], Meta(min_length=1, max_length=40)]
    parents: Annotated[tuple[Rung, ...], Meta(max_length=10)] = ()
    safety: Annotated[tuple[SafetyRung, ...], Meta(min_length=1, max_length=40)]
    findings: Annotated[tuple[FindingRung, ...], Meta(max_length=20)] = FINDINGS
    quiet_hours: QuietHours = QuietHours()
    digest_at: Clock = "07:30"
    working_days_only: bool = True
    at_once_per_day: Annotated[int, Meta(ge=0, le=100)] = 3
    most_per_role: Annotated[int, Meta(ge=1, le=20)] = 3
    days: Days = Days()
    note: Annotated[str, Meta(max_length=400)] | None = None

    def rungs(self, obligor: str, at: str) -> tuple[Rung, ...]:
        """The steps for an obligor at a point, the earliest first."""
        all_rungs = self.parents if obligor == "parent" else self.staff
        return tuple(sorted((r for r in all_rungs if r.at == at), key=lambda r: r.offset_days))

    def finding_rungs(self, at: str) -> tuple[FindingRung, ...]:
        return tuple(sorted((r for r in self.findings if r.at == at), key=lambda r: r.offset_days))

    @property
    def roles(self) -> frozenset[str]:
        """Every role that any step tells."""
        about_work = (role for rung in (*self.staff, *self.parents) for role in rung.to)
        about_children = (role for rung in self.safety for role in rung.to)
        answering = (role for rung in self.findings for role in rung.to)
        return frozenset(about_work).union(about_children, answering, *CONCERNED)
