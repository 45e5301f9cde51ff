"""Assessments of staff, and commendations of staff, units, guardians and mentors."""

from typing import Any

import pytest

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.families.honours import (
    GuardianCommended,
    StaffAssessed,
    StaffCommended,
    UnitCommended,
)
from services.casefile.domain.record import Record
from services.casefile.domain.refusals import Implausible, NotOnFile
from tests.casefile.domain import test_organisation, test_staff
from tests.casefile.domain.scenario import opened, scenario

JUNE = {"awarded_by": "county", "occasion": "childrens_day"}


def assessed(**fields: Any) -> StaffAssessed:
    usual = {"year": 2026, "outcome": "competent", "assessed_by": "county_civil_affairs"}
    return StaffAssessed(**(usual | fields))


def test_the_last_assessment_of_a_year_holds():
    staff = test_staff.registered().record(assessed()).record(assessed(outcome="excellent"))
    staff = staff.record(assessed(year=2025, outcome="incompetent"))

    assert staff.facts["staff_assessments.2026"]["outcome"] == "excellent"
    assert staff.facts["staff_assessments.2025"]["outcome"] == "incompetent"


def test_a_year_that_has_not_come_is_not_assessed():
    with pytest.raises(Implausible):
        test_staff.registered().record(assessed(year=2027))


def test_other_services_are_told_of_honours_and_not_of_assessments():
    declared = {
        slug: catalogue().slug(slug).declared for slug in ("staff_assessment", "commendation")
    }

    assert declared["staff_assessment"].private is not None
    assert declared["commendation"].publishes == ("honour", "awarded_by", "occasion")


@pytest.mark.parametrize(
    "rec",
    [assessed(), StaffCommended(honour="ten_best", **JUNE), UnitCommended(honour="other", **JUNE)],
    ids=lambda rec: type(rec).__name__,
)
def test_nobody_is_honoured_or_assessed_who_is_not_registered(rec: Record):
    with pytest.raises(NotOnFile):
        scenario().record(rec)


def test_an_honour_stays_on_the_stream_of_whoever_received_it():
    teacher = StaffCommended(honour="excellent_class_teacher", **JUNE)
    class_ = UnitCommended(honour="advanced_class", **JUNE)
    guardian = GuardianCommended(whom="guardian", honour="excellent_guardian", **JUNE)

    found = [
        honours(given.record(rec))
        for given, rec in (
            (test_staff.registered(), teacher),
            (test_organisation.registered(), class_),
            (opened(), guardian),
        )
    ]

    assert found == [
        [{"honour": "excellent_class_teacher", **JUNE}],
        [{"honour": "advanced_class", **JUNE}],
        [{"whom": "guardian", "honour": "excellent_guardian", **JUNE}],
    ]


def honours(of: Any) -> list[Any]:
    return [value for path, value in of.facts.items() if path.startswith("commendations.")]
