"""Consent by purpose."""

from datetime import date
from typing import Any

import pytest

from services.casefile.domain.families.case import CaseClosed
from services.casefile.domain.families.consent import (
    CaseStudyApproved,
    ConsentRecorded,
    ConsentWithdrawn,
)
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import Scenario, opened


def allowed(on="2026-11-10"):
    return opened().given(ConsentRecorded(purpose="photo", given_by="guardian"), on)


def test_a_consent_holds_for_its_purpose_only():
    case = allowed()

    assert case.facts["consents.photo"]["given_by"] == "guardian"
    assert "consents.media" not in case.facts


def test_a_withdrawn_consent_no_longer_holds():
    case = allowed().record(ConsentWithdrawn(purpose="photo", withdrawn_by="mother"))

    assert case.facts["consents.photo"]["state"] == "withdrawn"


def test_a_consent_is_withdrawn_after_the_case_was_closed_too():
    case = allowed().given(CaseClosed(reason="moved_away"), "2026-11-15")

    case.record(ConsentWithdrawn(purpose="photo", withdrawn_by="mother"))

    assert case.facts["consents.photo"]["state"] == "withdrawn"


@pytest.mark.parametrize("purpose", ["photo", "media"])
def test_what_was_never_allowed_or_is_withdrawn_cannot_be_withdrawn(purpose):
    case = allowed().given(ConsentWithdrawn(purpose="photo", withdrawn_by="mother"), "2026-11-12")

    with pytest.raises(NotOnFile):
        case.record(ConsentWithdrawn(purpose=purpose, withdrawn_by="mother"))


def test_a_consent_is_not_withdrawn_before_it_was_given():
    with pytest.raises(EndBeforeStart):
        allowed("2026-11-18").record(
            ConsentWithdrawn(purpose="photo", withdrawn_by="mother"), "2026-11-17"
        )


def test_a_consent_does_not_end_before_it_starts():
    with pytest.raises(EndBeforeStart):
        opened().record(
            ConsentRecorded(purpose="activity", given_by="father", valid_until=date(2026, 11, 19))
        )


def test_a_child_under_fourteen_does_not_consent_alone():
    with pytest.raises(Implausible):
        opened().record(ConsentRecorded(purpose="photo", given_by="child"))


def test_a_child_consents_from_the_fourteenth_birthday_on():
    case = opened()
    case.born_on = date(2012, 11, 20)

    case.record(ConsentRecorded(purpose="photo", given_by="child"))

    assert case.facts["consents.photo"]["given_by"] == "child"


def test_a_child_does_not_consent_on_the_eve_of_the_fourteenth_birthday():
    case = opened()
    case.born_on = date(2012, 11, 21)

    with pytest.raises(Implausible):
        case.record(ConsentRecorded(purpose="photo", given_by="child"))


def study(case: Scenario, **fields: Any) -> CaseStudyApproved:
    """Approved on the consent that was given last."""
    usual = {
        "study_for": "research", "approved_by": "l-401",
        "consent": case.last_id, "valid_until": date(2027, 7, 31),
    }  # fmt: skip
    return CaseStudyApproved(**(usual | fields))


def used(**fields: Any) -> Scenario:
    """Consent to use the data."""
    usual = {"purpose": "data", "given_by": "guardian"}
    return opened().given(ConsentRecorded(**(usual | fields)), "2026-11-10")


def test_a_study_is_approved_on_a_guardian_s_consent_until_a_day():
    case = used()

    case.record(study(case))

    approved = {"study_for": "research", "valid_until": date(2027, 7, 31)}
    assert case.facts["case_study"] == approved


def test_a_study_rests_on_a_consent_to_use_the_data_by_somebody_entitled():
    photo, child = allowed(), used(given_by="child")

    for case in (photo, child):
        with pytest.raises(Implausible):
            case.record(study(case))


def test_a_study_is_not_approved_on_a_consent_that_has_ended():
    withdrawn, over = used(), used(valid_until=date(2026, 11, 12))
    approval = study(withdrawn)
    withdrawn = withdrawn.given(
        ConsentWithdrawn(purpose="data", withdrawn_by="mother"), "2026-11-12"
    )

    for case, record in ((withdrawn, approval), (over, study(over))):
        with pytest.raises(NotOnFile):
            case.record(record)


def test_an_approval_does_not_end_before_it_is_given():
    case = used()

    with pytest.raises(EndBeforeStart):
        case.record(study(case, valid_until=date(2026, 11, 1)))
