"""Checks, history, illness, treatment."""

from datetime import date
from uuid import UUID

import pytest

from services.casefile.domain.families.correction import EntryAnnulled
from services.casefile.domain.families.health import (
    Condition,
    HealthCheckDone,
    IllnessReported,
    MedicalHistoryRecorded,
    TreatmentProvided,
)
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import Scenario, opened


def ill(on: str = "2026-11-17") -> Scenario:
    return opened().given(
        IllnessReported(severity="mild", reported_by="teacher", symptoms="咳嗽"), on
    )


def treated(illness: UUID | None, outcome: str = "improving") -> TreatmentProvided:
    return TreatmentProvided(provider="village_clinic", outcome=outcome, illness=illness)


def test_a_check_leaves_its_measurements_and_the_day_to_look_again():
    case = opened().record(
        HealthCheckDone(
            provider="school_clinic",
            abnormal=True,
            height_mm=1412,
            findings="视力下降",
            follow_up_due=date(2026, 12, 20),
        )
    )

    assert case.facts["health.checked_on"] == date(2026, 11, 20)
    assert case.facts["health.height_mm"] == 1412
    assert case.facts["health.abnormal"] is True
    assert case.facts["health.follow_up_due"] == date(2026, 12, 20)


def test_a_check_without_a_scale_keeps_the_last_weight():
    case = opened().given(
        HealthCheckDone(provider="home", abnormal=False, weight_g=33500), "2026-11-10"
    )

    case.record(HealthCheckDone(provider="home", abnormal=False))

    assert case.facts["health.weight_g"] == 33500


def test_a_clean_check_ends_the_follow_up():
    due = HealthCheckDone(
        provider="home", abnormal=True, findings="龋齿", follow_up_due=date(2026, 11, 20)
    )

    case = (
        opened().given(due, "2026-11-10").record(HealthCheckDone(provider="home", abnormal=False))
    )

    assert "health.follow_up_due" not in case.facts


def test_an_abnormal_check_says_what_was_found():
    with pytest.raises(Implausible):
        opened().record(HealthCheckDone(provider="home", abnormal=True))


def test_a_follow_up_lies_ahead():
    with pytest.raises(EndBeforeStart):
        opened().record(
            HealthCheckDone(provider="home", abnormal=False, follow_up_due=date(2026, 11, 19))
        )


def test_a_history_leaves_what_the_child_has_or_had():
    told = (Condition(condition="鼻炎"), Condition(condition="骨折", since=date(2026, 11, 20)))

    case = opened().record(
        MedicalHistoryRecorded(told_by="guardian", conditions=told, vaccinations="complete")
    )

    assert case.facts["health.conditions"] == told
    assert case.facts["health.vaccinations"] == "complete"


def test_a_new_history_replaces_the_old_one():
    case = opened().given(
        MedicalHistoryRecorded(told_by="guardian", conditions=(Condition(condition="鼻炎"),)),
        "2026-11-10",
    )

    case.record(MedicalHistoryRecorded(told_by="medical_record", allergies="花粉"))

    assert "health.conditions" not in case.facts
    assert case.facts["health.allergies"] == "花粉"


def test_no_condition_begins_in_the_future():
    later = Condition(condition="鼻炎", since=date(2026, 11, 21))

    with pytest.raises(Implausible):
        opened().record(MedicalHistoryRecorded(told_by="guardian", conditions=(later,)))


def test_an_illness_is_open_until_the_child_recovers():
    case = ill()
    illness = case.last_id
    assert case.facts[f"health.illnesses.{illness}"] == {"state": "reported"}

    case.record(treated(illness), "2026-11-18")
    assert case.facts[f"health.illnesses.{illness}"] == {"state": "improving"}

    case.record(treated(illness, "recovered"), "2026-11-19")
    assert f"health.illnesses.{illness}" not in case.facts


def test_the_next_treatment_lies_ahead():
    with pytest.raises(EndBeforeStart):
        opened().record(
            TreatmentProvided(provider="home", outcome="ongoing", next_on=date(2026, 11, 19))
        )


def test_a_treatment_may_stand_alone():
    before = opened().facts

    case = opened().record(treated(None))

    assert case.facts.keys() == before.keys()


def test_an_illness_that_is_not_on_file_is_not_treated():
    with pytest.raises(NotOnFile):
        opened().record(treated(UUID(int=7)))


def test_an_annulled_illness_is_not_treated():
    case = ill()
    illness = case.last_id
    case.given(EntryAnnulled(target=illness, of="illness", ground="wrong_child", reason="记错人"))

    with pytest.raises(NotOnFile):
        case.record(treated(illness))


def test_no_treatment_comes_before_the_illness():
    case = ill("2026-11-18")

    with pytest.raises(EndBeforeStart):
        case.record(treated(case.last_id), "2026-11-17")
