"""The profile and the contact card."""

from datetime import date

import pytest

from services.casefile.domain.families.profile import (
    ContactCardVerified,
    GuardianCard,
    ParentCard,
    ProfileRecorded,
)
from services.casefile.domain.refusals import Implausible, NotOnFile
from tests.casefile.domain.scenario import opened


def test_a_profile_states_each_thing_it_says_and_leaves_the_rest_as_it_was():
    case = opened().given(ProfileRecorded(character="开朗", hobbies="画画"), "2026-11-10")

    case.record(
        ProfileRecorded(
            character="文静", health="良好", medical_history="肺炎", family="与祖母同住"
        )
    )

    assert case.facts["child.character"] == "文静"
    assert case.facts["child.hobbies"] == "画画"
    assert case.facts["health.summary"] == "良好"
    assert case.facts["health.medical_history"] == "肺炎"
    assert case.facts["home.family"] == "与祖母同住"


def test_an_only_child_has_no_siblings_and_that_is_a_fact():
    case = opened().record(ProfileRecorded(siblings=0))

    assert case.facts["child.siblings"] == 0


def test_an_empty_profile_is_refused():
    with pytest.raises(Implausible):
        opened().record(ProfileRecorded())


def test_a_contact_card_says_how_the_parents_and_guardians_are_reached():
    case = opened().record(
        ContactCardVerified(
            verified_with=("guardian",),
            outcome="first",
            father=ParentCard(phone="13800000001", work_place="虚构市"),
            guardian=GuardianCard(name="田大禾", relation="paternal_grandfather", age=66),
            second_guardian=GuardianCard(name="田小妹"),
            mentor_phone="13800000002",
        )
    )

    assert case.facts["parents.father.phone"] == "13800000001"
    assert case.facts["guardian.relation"] == "paternal_grandfather"
    assert case.facts["guardian.second.name"] == "田小妹"
    assert case.facts["contact_card.mentor_phone"] == "13800000002"
    assert "parents.mother.phone" not in case.facts


def test_a_changed_card_leaves_what_it_does_not_say_as_it_was():
    case = opened().given(
        ContactCardVerified(
            verified_with=("guardian",),
            outcome="first",
            mother=ParentCard(phone="13800000001", work_place="虚构市"),
        ),
        "2026-11-10",
    )

    case.record(
        ContactCardVerified(
            verified_with=("mother",), outcome="changed", mother=ParentCard(phone="13800000003")
        )
    )

    assert case.facts["parents.mother.phone"] == "13800000003"
    assert case.facts["parents.mother.work_place"] == "虚构市"


def test_an_unchanged_card_is_verified_again():
    case = opened().given(
        ContactCardVerified(
            verified_with=("guardian",), outcome="first", child_phone="13800000001"
        ),
        "2026-11-10",
    )

    case.record(ContactCardVerified(verified_with=("child",), outcome="unchanged"))

    assert case.facts["contact_card.verified_with"] == ("child",)
    assert case.facts["child.child_phone"] == "13800000001"


def test_a_card_that_never_was_cannot_be_unchanged():
    with pytest.raises(NotOnFile):
        opened().record(ContactCardVerified(verified_with=("child",), outcome="unchanged"))


def test_a_first_card_says_at_least_one_thing():
    with pytest.raises(Implausible):
        opened().record(ContactCardVerified(verified_with=("child",), outcome="first"))


def test_a_parent_on_the_card_may_have_left_that_day():
    case = opened().record(
        ContactCardVerified(
            verified_with=("guardian",),
            outcome="first",
            father=ParentCard(away_since=date(2026, 11, 20)),
        )
    )

    assert case.facts["parents.father.away_since"] == date(2026, 11, 20)


def test_a_parent_on_the_card_has_not_left_after_the_day_of_the_card():
    with pytest.raises(Implausible):
        opened().record(
            ContactCardVerified(
                verified_with=("guardian",),
                outcome="first",
                father=ParentCard(away_since=date(2026, 11, 21)),
            )
        )
