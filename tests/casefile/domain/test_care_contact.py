"""Counselling, listening, company, a place to stay."""

from datetime import date

import pytest

from services.casefile.domain.families.care_contact import (
    CareDiaryEntryAdded,
    ChildVoiceReceived,
    CompanionshipProvided,
    CounsellingSessionHeld,
    HostStayProvided,
    TutoringGiven,
)
from services.casefile.domain.families.consent import ConsentRecorded, ConsentWithdrawn
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import opened

CONSENT = ConsentRecorded(purpose="host_stay", given_by="guardian")


def stay(vetted_on: date = date(2026, 9, 1)) -> HostStayProvided:
    return HostStayProvided(
        host_relation="caring_parent", host_vetted_on=vetted_on, nights=1, adults=2
    )


def test_what_a_child_tells_her_counsellor_is_no_fact_of_her_file():
    case = opened().record(
        CounsellingSessionHeld(
            setting="counselling_room", concern="refer_on", restricted_note="想念外婆"
        )
    )

    assert "last.counselling" in case.facts
    assert not [path for path in case.facts if path.startswith("health.")]


def test_the_next_session_is_known_until_a_session_names_none():
    case = opened().record(
        CounsellingSessionHeld(setting="online", next_on=date(2026, 11, 19)), "2026-11-17"
    )
    assert case.facts["health.counselling_next_on"] == date(2026, 11, 19)

    case.record(CounsellingSessionHeld(setting="online"), "2026-11-19")

    assert "health.counselling_next_on" not in case.facts


def test_a_session_does_not_lead_to_an_earlier_one():
    with pytest.raises(EndBeforeStart):
        opened().record(CounsellingSessionHeld(setting="online", next_on=date(2026, 11, 19)))


def test_an_answer_does_not_come_before_the_question():
    with pytest.raises(EndBeforeStart):
        opened().record(
            ChildVoiceReceived(channel="mailbox", words="想家", answered_on=date(2026, 11, 19))
        )


def test_what_the_child_confides_states_no_fact():
    before = opened().facts

    case = opened().record(ChildVoiceReceived(channel="mailbox", words="想家", suspects_harm=True))

    assert case.facts.keys() == before.keys()


def test_a_diary_line_and_a_lesson_are_no_contact():
    case = opened().record(CareDiaryEntryAdded(text="今天举手了", mood="cheerful"))

    case.record(TutoringGiven(subject="homework"))

    assert case.facts["child.mood"] == "cheerful"
    assert not [path for path in case.facts if path.startswith("last.")]


def test_company_is_contact_with_the_child():
    case = opened().record(CompanionshipProvided(form="meal", companion="mentor"))

    assert "last.companionship" in case.facts


def test_a_child_stays_with_a_vetted_host_when_her_guardian_agreed():
    case = opened().given(CONSENT, "2026-11-01").record(stay())

    assert "last.host_stay" in case.facts


def test_consent_and_vetting_hold_on_their_own_day():
    limited = ConsentRecorded(
        purpose="host_stay", given_by="guardian", valid_until=date(2026, 11, 20)
    )

    case = opened().given(limited, "2026-11-20").record(stay(vetted_on=date(2026, 11, 20)))

    assert "last.host_stay" in case.facts


def test_a_child_does_not_stay_with_a_host_without_consent():
    with pytest.raises(NotOnFile):
        opened().record(stay())


def test_a_withdrawn_consent_is_none():
    case = opened().given(CONSENT, "2026-11-01")
    case.given(ConsentWithdrawn(purpose="host_stay", withdrawn_by="guardian"), "2026-11-10")

    with pytest.raises(NotOnFile):
        case.record(stay())


def test_a_consent_that_ran_out_is_none():
    limited = ConsentRecorded(
        purpose="host_stay", given_by="guardian", valid_until=date(2026, 11, 19)
    )

    with pytest.raises(NotOnFile):
        opened().given(limited, "2026-11-01").record(stay())


def test_a_host_is_vetted_before_the_stay():
    with pytest.raises(Implausible):
        opened().given(CONSENT, "2026-11-01").record(stay(vetted_on=date(2026, 11, 21)))
