"""What units did as a whole."""

from datetime import date
from uuid import UUID

import pytest

from services.casefile.domain.families.unit_work import (
    ActivityHeld,
    BaselineSurveyConducted,
    ChecklistItem,
    CircularSent,
    HazardRectified,
    HazardReported,
    HomeOpened,
    LeadingGroupMeetingHeld,
    SelfInspectionDone,
    StatisticalReturnFiled,
    WorkPlanItemDone,
)
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import scenario
from tests.casefile.domain.test_organisation import registered

SEPTEMBER = date(2026, 9, 1)
OCTOBER = date(2026, 10, 1)
CHECKLIST = (
    ChecklistItem(requirement="files", is_met=True),
    ChecklistItem(requirement="cards", is_met=False),
)
HAZARD = HazardReported(hazard="water", place="on_the_way")


def survey(**fields) -> BaselineSurveyConducted:
    usual = {
        "campaign": "autumn-2026",
        "method": "household_visits",
        "started_on": SEPTEMBER,
        "ended_on": OCTOBER,
        "children": 250,
    }
    return BaselineSurveyConducted(**(usual | fields))


def filed(**fields) -> StatisticalReturnFiled:
    usual = {
        "document": "statistics",
        "recipient": "township",
        "period_from": SEPTEMBER,
        "period_until": OCTOBER,
    }
    return StatisticalReturnFiled(**(usual | fields))


@pytest.mark.parametrize(
    "record",
    [
        LeadingGroupMeetingHeld(present=("t-001",)),
        WorkPlanItemDone(plan="p-1", task="visits", month="2026-11", outcome="done"),
        SelfInspectionDone(checklist=CHECKLIST),
        survey(),
        filed(),
        CircularSent(addressees="parents", copies=119, occasion="term_start"),
        HomeOpened(minutes=180, children=23),
        ActivityHeld(activity="theme_day"),
        HAZARD,
        HazardRectified(hazard_report=UUID(int=7), outcome="removed"),
    ],
)
def test_a_unit_that_was_never_registered_did_nothing(record: Record):
    with pytest.raises(NotOnFile):
        scenario().record(record)


@pytest.mark.parametrize(
    ("record", "path", "fact"),
    [
        (
            WorkPlanItemDone(plan="p-1", task="visits", month="2026-11", outcome="done"),
            "work_plans.p-1.visits",
            {"month": "2026-11", "outcome": "done"},
        ),
        (
            SelfInspectionDone(checklist=CHECKLIST),
            "self_inspection",
            {"lines": 2, "unmet": ["cards"]},
        ),
        (survey(), "surveys.autumn-2026", {"children": 250, "ended_on": OCTOBER}),
        (HomeOpened(minutes=180, children=23), "home.opened_on", date(2026, 11, 20)),
    ],
)
def test_what_a_unit_did_is_on_its_file(record: Record, path: str, fact: object):
    unit = registered().record(record)

    assert unit.facts[path] == fact


@pytest.mark.parametrize(
    "record",
    [
        LeadingGroupMeetingHeld(present=("t-001",)),
        filed(),
        CircularSent(addressees="parents", copies=119, occasion="term_start"),
        ActivityHeld(activity="theme_day", people=40, attendances=55),
    ],
)
def test_what_only_happened_states_no_fact(record: Record):
    before = registered().facts

    unit = registered().record(record)

    assert unit.facts == before


@pytest.mark.parametrize(
    "record",
    [
        survey(left_behind=251),
        survey(in_difficulty=251),
        HomeOpened(minutes=180, children=23, left_behind=24),
        ActivityHeld(activity="theme_day", people=40, attendances=39),
        WorkPlanItemDone(
            plan="p-1", task="home", month="2026-11", outcome="not_done", counts="homes"
        ),
    ],
)
def test_figures_that_cannot_be_are_refused(record: Record):
    with pytest.raises(Implausible):
        registered().record(record)


@pytest.mark.parametrize(
    "record",
    [
        survey(ended_on=date(2026, 8, 31)),
        filed(period_until=date(2026, 8, 31)),
        SelfInspectionDone(checklist=CHECKLIST, next_on=date(2026, 11, 19)),
        HazardReported(hazard="water", place="nearby", rectify_by=date(2026, 11, 19)),
    ],
)
def test_nothing_ends_before_it_starts(record: Record):
    with pytest.raises(EndBeforeStart):
        registered().record(record)


def test_a_hazard_is_on_file_until_it_is_rectified():
    unit = registered().record(HAZARD)
    hazard = unit.last_id
    assert unit.facts[f"hazards.{hazard}"]["hazard"] == "water"

    unit.record(HazardRectified(hazard_report=hazard, outcome="fenced_off"))

    assert f"hazards.{hazard}" not in unit.facts


def test_a_hazard_is_rectified_once():
    unit = registered().given(HAZARD)
    hazard = unit.last_id
    unit.given(HazardRectified(hazard_report=hazard, outcome="removed"))

    with pytest.raises(NotOnFile):
        unit.record(HazardRectified(hazard_report=hazard, outcome="removed"))
