"""Incidents, mandatory reports, emergencies."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.casefile.domain.families.case import CaseClosed
from services.casefile.domain.families.safety import (
    EmergencyRaised,
    EmergencyResolved,
    IncidentReported,
    MandatoryReportAnswered,
    MandatoryReportFiled,
    Told,
)
from services.casefile.domain.refusals import (
    EndBeforeStart,
    Implausible,
    NotOnFile,
    OccurredInFuture,
)
from tests.casefile.domain.scenario import opened

NOWHERE = UUID(int=7)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def incident(**fields) -> IncidentReported:
    usual = {"incident_kind": "fall", "severity": "minor", "place": "school", "account": "擦伤"}
    return IncidentReported(**(usual | fields))


def report(*told: Told, **fields) -> MandatoryReportFiled:
    usual = {"ground": "abandoned_or_left_alone", "account": "独自在家三晚"}
    return MandatoryReportFiled(
        told=told or (Told(authority="police", told_at=NOON),), **(usual | fields)
    )


def test_an_incident_is_on_file_with_what_it_was():
    case = opened().record(incident(parents_informed_at=NOON))

    assert case.facts[f"incidents.{case.last_id}"] == {
        "state": "reported",
        "incident_kind": "fall",
        "severity": "minor",
    }


def test_parents_are_not_told_before_it_happened():
    with pytest.raises(EndBeforeStart):
        opened().record(incident(parents_informed_at=datetime(2026, 11, 19, 15, 59, tzinfo=UTC)))


def test_the_day_of_telling_is_a_day_in_china():
    case = opened().record(incident(parents_informed_at=datetime(2026, 11, 19, 16, tzinfo=UTC)))

    assert f"incidents.{case.last_id}" in case.facts


def test_guardians_were_not_told_tomorrow():
    with pytest.raises(OccurredInFuture):
        opened().record(incident(guardian_informed_at=datetime(2026, 11, 20, 16, tzinfo=UTC)))


def test_a_report_says_whom_it_is_hidden_from():
    case = opened().record(report(harmer_in_care_team=True, harmer_staff="t-102"))

    fact = case.facts[f"reports.{case.last_id}"]

    assert fact["told"] == ["police"]
    assert fact["hidden_from"] == "t-102"


def test_a_closed_case_does_not_bar_a_report():
    case = opened().given(CaseClosed(reason="moved_away"), "2026-11-10")

    case.record(report())

    assert f"reports.{case.last_id}" in case.facts


@pytest.mark.parametrize(
    "record",
    [
        report(harmer_staff="t-102"),
        report(Told(authority="police", told_at=NOON), Told(authority="police", told_at=NOON)),
    ],
)
def test_a_report_that_contradicts_itself_is_refused(record: MandatoryReportFiled):
    with pytest.raises(Implausible):
        opened().record(record)


def test_an_authority_is_not_told_before_it_happened():
    early = Told(authority="police", told_at=datetime(2026, 11, 18, 4, tzinfo=UTC))

    with pytest.raises(EndBeforeStart):
        opened().record(report(early))


def test_a_report_of_an_incident_nobody_reported_is_refused():
    with pytest.raises(NotOnFile):
        opened().record(report(incident=NOWHERE))


def test_an_authority_answers_what_it_was_told():
    case = opened().given(report())
    filed = case.last_id

    case.record(MandatoryReportAnswered(report=filed, authority="police", outcome="investigating"))

    assert case.facts[f"report_answers.{filed}.police"] == "investigating"


def test_an_authority_that_was_not_told_does_not_answer():
    case = opened().given(report())

    with pytest.raises(NotOnFile):
        case.record(
            MandatoryReportAnswered(report=case.last_id, authority="education", outcome="closed")
        )


def test_an_answer_does_not_come_before_the_report():
    case = opened().given(report(), "2026-11-19")

    with pytest.raises(EndBeforeStart):
        case.record(
            MandatoryReportAnswered(report=case.last_id, authority="police", outcome="closed"),
            "2026-11-18",
        )


def test_an_emergency_lasts_until_it_is_resolved():
    case = opened().record(EmergencyRaised(emergency_kind="missing"))
    raised = case.last_id
    assert case.facts[f"emergencies.{raised}"]["state"] == "raised"

    case.record(EmergencyResolved(emergency=raised, outcome="safe_at_home"))

    assert f"emergencies.{raised}" not in case.facts


def test_a_resolved_emergency_is_not_resolved_again():
    case = opened().given(EmergencyRaised(emergency_kind="missing"))
    raised = case.last_id
    case.given(EmergencyResolved(emergency=raised, outcome="safe_at_home"))

    with pytest.raises(NotOnFile):
        case.record(EmergencyResolved(emergency=raised, outcome="safe_at_home"))


def test_an_emergency_is_not_resolved_before_it_was_raised():
    case = opened().given(EmergencyRaised(emergency_kind="missing"), "2026-11-19")

    with pytest.raises(EndBeforeStart):
        case.record(EmergencyResolved(emergency=case.last_id, outcome="safe_at_home"), "2026-11-18")


def test_an_emergency_may_name_the_record_that_led_to_it():
    case = opened().given(incident())

    case.record(EmergencyRaised(emergency_kind="injury", led_here=case.last_id))

    assert f"emergencies.{case.last_id}" in case.facts


def test_what_led_to_an_emergency_is_on_file():
    with pytest.raises(NotOnFile):
        opened().record(EmergencyRaised(emergency_kind="injury", led_here=NOWHERE))
