"""Temporary care, legal aid, referrals, the state's registers."""

from datetime import date
from uuid import UUID

import pytest

from services.casefile.domain.families.protection import (
    ExternalRegistrationConfirmed,
    LegalAidProvided,
    ReferralClosed,
    ReferralMade,
    TemporaryCareProvided,
)
from services.casefile.domain.families.safety import IncidentReported
from services.casefile.domain.refusals import EndBeforeStart, NotOnFile
from tests.casefile.domain.scenario import Scenario, opened

NOWHERE = UUID(int=7)
STARTED = date(2026, 11, 17)


def referred() -> Scenario:
    return opened().given(ReferralMade(to="hospital", need="medical_costs"), "2026-11-10")


def care(**fields) -> TemporaryCareProvided:
    usual = {"place": "relative", "ground": "guardian_not_found", "starts_on": STARTED}
    return TemporaryCareProvided(**(usual | fields))


def test_temporary_care_is_known_until_its_end_is():
    case = opened().record(care(), "2026-11-17")
    assert case.facts["guardian.temporary_care"]["ends_on"] is None

    case.record(care(ends_on=date(2026, 11, 19)))

    assert case.facts["guardian.temporary_care"]["ends_on"] == date(2026, 11, 19)


def test_temporary_care_does_not_end_before_it_starts():
    with pytest.raises(EndBeforeStart):
        opened().record(care(ends_on=date(2026, 11, 16)))


def test_legal_aid_is_counted_for_the_incident_it_was_given_for():
    case = opened().given(
        IncidentReported(
            incident_kind="violence", severity="serious", place="school", account="冲突"
        )
    )
    incident = case.last_id

    case.record(LegalAidProvided(form="advice", provider="legal_aid_centre", incident=incident))

    assert case.facts[f"legal_aid.{incident}"] == "advice"


def test_legal_aid_may_be_given_without_an_incident():
    before = opened().facts

    case = opened().record(LegalAidProvided(form="advice", provider="law_firm"))

    assert case.facts.keys() == before.keys()


def test_legal_aid_names_no_incident_that_is_not_on_file():
    with pytest.raises(NotOnFile):
        opened().record(LegalAidProvided(form="advice", provider="law_firm", incident=NOWHERE))


def test_a_referral_is_open_until_it_is_closed():
    case = referred()
    referral = case.last_id
    assert case.facts[f"referrals.{referral}"]["to"] == "hospital"

    case.record(ReferralClosed(referral=referral, outcome="helped"))

    assert f"referrals.{referral}" not in case.facts
    assert f"needs.unmet.{referral}" not in case.facts


def test_a_need_that_nobody_met_stays_on_file():
    case = referred()
    referral = case.last_id

    case.record(ReferralClosed(referral=referral, outcome="declined"))

    assert case.facts[f"needs.unmet.{referral}"] == "declined"


def test_a_closed_referral_is_not_closed_again():
    case = referred()
    referral = case.last_id
    case.given(ReferralClosed(referral=referral, outcome="helped"))

    with pytest.raises(NotOnFile):
        case.record(ReferralClosed(referral=referral, outcome="helped"))


def test_a_referral_is_not_closed_before_it_was_made():
    case = referred()

    with pytest.raises(EndBeforeStart):
        case.record(
            ReferralClosed(referral=case.last_id, outcome="helped"),
            "2026-11-09",
            source="import",
        )


def test_an_office_does_not_answer_before_it_was_asked():
    with pytest.raises(EndBeforeStart):
        opened().record(
            ReferralMade(to="hospital", need="medical_costs", respond_by=date(2026, 11, 19))
        )


def test_a_register_that_struck_the_child_off_no_longer_holds_her():
    case = opened().given(
        ExternalRegistrationConfirmed(register="provincial", state="confirmed"), "2026-11-10"
    )

    case.record(ExternalRegistrationConfirmed(register="provincial", state="struck_off"))

    assert "registers.provincial" not in case.facts
