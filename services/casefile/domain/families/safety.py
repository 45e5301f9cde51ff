"""Harm and danger: incidents, the report the law demands, emergencies. Reporting is never barred."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import StaffId
from services.casefile.domain.families.fields import Code, Note
from services.casefile.domain.record import Record, kind
from services.casefile.domain.references import referred
from services.casefile.domain.refusals import (
    EndBeforeStart,
    Implausible,
    NotOnFile,
    OccurredInFuture,
)
from services.casefile.domain.situation import Situation

SHANGHAI = ZoneInfo("Asia/Shanghai")
Moment = Annotated[datetime, Meta(tz=True)]
Authority = Literal["police", "civil_affairs", "education"]


@kind("incident", "Incident", after_close=True, publishes=("severity",))
class IncidentReported(Record):
    """Something happened that harmed the child, or nearly did."""

    incident_kind: Literal[
        "injury", "traffic", "drowning", "burn", "fall", "poisoning", "animal_bite", "bullying",
        "violence", "suspected_abuse", "neglect", "missing", "runaway", "fraud", "self_harm",
        "suspected_offence", "disaster", "other",
    ]  # fmt: skip
    severity: Literal["near_miss", "minor", "serious", "critical", "fatal"]
    place: Literal["home", "school", "on_the_way", "village", "water", "online", "elsewhere"]
    account: Note
    parents_informed_at: Moment | None = None
    guardian_informed_at: Moment | None = None
    action_taken: Note | None = None

    def check(self, situation: Situation) -> None:
        told_since(situation, self.parents_informed_at, "parents_informed_at")
        told_since(situation, self.guardian_informed_at, "guardian_informed_at")

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"incidents.{entry.record_id}",
            {"state": "reported", "incident_kind": self.incident_kind, "severity": self.severity},
        )


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An authority that was told, and when."""

    authority: Authority
    told_at: Moment
    receipt_no: Code | None = None


@kind(
    "mandatory_report",
    "Mandatory report",
    after_close=True,
    publishes=("told", "harmer_staff", "incident"),
)
class MandatoryReportFiled(Record):
    """Harm, or the suspicion of it, was reported to the authorities as the law demands."""

    ground: Literal[
        "genital_injury", "girl_under_14_harmed_or_pregnant", "minor_over_14_pregnant_by_assault",
        "injured_malnourished_or_unconscious", "suicide_self_harm_or_poisoning",
        "abandoned_or_left_alone", "origin_unknown_missing_or_trafficked",
        "made_to_beg", "other_grave_harm",
    ]  # fmt: skip
    told: Annotated[tuple[Told, ...], Meta(min_length=1, max_length=3)]
    account: Note
    harmer_in_care_team: bool = False
    harmer_staff: StaffId | None = None
    incident: UUID | None = None

    def check(self, situation: Situation) -> None:
        if len({told.authority for told in self.told}) < len(self.told):
            raise Implausible("told", "an authority is named twice")
        for told in self.told:
            told_since(situation, told.told_at, "told")
        if self.harmer_staff is not None and not self.harmer_in_care_team:
            raise Implausible("harmer_staff", "only somebody of the care team is named by id")
        if self.incident is not None:
            referred(situation, self.incident, IncidentReported)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"reports.{entry.record_id}",
            {
                "ground": self.ground,
                "told": [told.authority for told in self.told],
                "harmer_in_care_team": self.harmer_in_care_team,
                "hidden_from": self.harmer_staff,
            },
        )


@kind(
    "mandatory_report_answer",
    "Mandatory report answered",
    after_close=True,
    publishes=("report", "authority"),
)
class MandatoryReportAnswered(Record):
    """An authority told the reporter what came of it."""

    report: UUID
    authority: Authority
    outcome: Literal["accepted", "investigating", "case_filed", "no_case", "passed_on", "closed"]
    answer: Note | None = None

    def check(self, situation: Situation) -> None:
        report = referred(situation, self.report, MandatoryReportFiled).rec
        assert isinstance(report, MandatoryReportFiled)
        if self.authority not in {told.authority for told in report.told}:
            raise NotOnFile("report", record_id=str(self.report), authority=self.authority)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"report_answers.{self.report}.{self.authority}", self.outcome


@kind("emergency", "Emergency raised", after_close=True, publishes=("called",))
class EmergencyRaised(Record):
    """The child needs help at once."""

    emergency_kind: Literal[
        "missing", "injury", "illness", "guardian_lost", "homeless", "left_alone", "violence",
        "suicide_risk", "disaster", "other",
    ]  # fmt: skip
    called: Annotated[
        tuple[
            Literal[
                "guardian", "parent", "school_lead", "village", "township", "civil_affairs",
                "police", "ambulance", "fire_brigade",
            ],
            ...,
        ],
        Meta(max_length=9),
    ] = ()  # fmt: skip
    account: Note | None = None
    led_here: UUID | None = None

    def check(self, situation: Situation) -> None:
        if self.led_here is not None:
            referred(situation, self.led_here, Record)

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield (
            f"emergencies.{entry.record_id}",
            {"state": "raised", "emergency_kind": self.emergency_kind},
        )


@kind(
    "emergency_resolution",
    "Emergency resolved",
    after_close=True,
    publishes=("emergency", "outcome"),
)
class EmergencyResolved(Record):
    """The danger is over, and the child is somewhere."""

    emergency: UUID
    outcome: Literal[
        "safe_at_home", "safe_elsewhere", "in_hospital", "in_care", "not_found", "died"
    ]
    account: Note | None = None

    def check(self, situation: Situation) -> None:
        referred(situation, self.emergency, EmergencyRaised)
        if situation.fact(f"emergencies.{self.emergency}") is None:
            raise NotOnFile("emergency", record_id=str(self.emergency))

    def sets(self, entry: Entry) -> Iterable[tuple[str, Any]]:
        yield f"emergencies.{self.emergency}", None


def told_since(situation: Situation, moment: datetime | None, field: str) -> None:
    """Refuse a telling before the day it was about, or in the future."""
    if moment is None:
        return
    day = moment.astimezone(SHANGHAI).date()
    if day < situation.env.occurred_on:
        raise EndBeforeStart(field)
    if day > situation.today:
        raise OccurredInFuture(field)
