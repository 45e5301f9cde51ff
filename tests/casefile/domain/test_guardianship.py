"""Parents away or back; guardians named, entrusted and lost."""

from datetime import date

import pytest

from services.casefile.domain.families.guardianship import (
    DelegatedCareAgreed,
    GuardianDesignated,
    GuardianshipLost,
    ParentAbsenceRecorded,
)
from services.casefile.domain.refusals import EndBeforeStart, Implausible, OccurredInFuture
from tests.casefile.domain.scenario import opened


def father_away():
    return opened().given(
        ParentAbsenceRecorded(
            parents=("father",), movement="away", division="330200", work="construction"
        ),
        "2026-10-01",
    )


def grandmother_named():
    return opened().given(
        GuardianDesignated(guardian_type="grandparent", name="禾奶奶", phone="13800000001"),
        "2026-10-01",
    )


def entrusted(**terms):
    fields = {
        "parents": ("father", "mother"),
        "delegate_name": "禾奶奶",
        "relation": "paternal_grandmother",
        "starts_on": date(2026, 9, 1),
    }
    return DelegatedCareAgreed(**(fields | terms))


def test_a_parent_who_left_is_away_from_that_day():
    case = father_away()

    assert case.facts["parents.father.whereabouts"] == "away"
    assert case.facts["parents.father.away_since"] == date(2026, 10, 1)
    assert case.facts["parents.father.division"] == "330200"
    assert "parents.mother.whereabouts" not in case.facts


def test_a_survey_finds_parents_who_left_long_before():
    case = opened().record(
        ParentAbsenceRecorded(
            parents=("father", "mother"), movement="away", away_since=date(2024, 2, 20)
        )
    )

    assert case.facts["parents.mother.away_since"] == date(2024, 2, 20)


def test_a_parent_home_for_a_visit_is_still_away():
    case = father_away().record(ParentAbsenceRecorded(parents=("father",), movement="visiting"))

    assert case.facts["parents.father.whereabouts"] == "away"
    assert case.facts["parents.father.last_home"] == date(2026, 11, 20)


def test_a_parent_back_to_stay_is_home_and_works_nowhere_else():
    case = father_away().record(ParentAbsenceRecorded(parents=("father",), movement="returned"))

    assert case.facts["parents.father.whereabouts"] == "home"
    assert "parents.father.division" not in case.facts
    assert "parents.father.away_since" not in case.facts


def test_a_parent_at_home_has_no_place_of_work_away():
    with pytest.raises(Implausible):
        opened().record(
            ParentAbsenceRecorded(parents=("father",), movement="returned", work="trade")
        )


def test_the_same_parent_is_named_once():
    with pytest.raises(Implausible):
        opened().record(ParentAbsenceRecorded(parents=("father", "father"), movement="away"))


def test_nobody_is_away_since_a_day_after_the_record():
    with pytest.raises(Implausible):
        opened().record(
            ParentAbsenceRecorded(
                parents=("father",), movement="away", away_since=date(2026, 11, 21)
            )
        )


def test_a_parent_may_have_left_today():
    case = opened().record(
        ParentAbsenceRecorded(parents=("father",), movement="away", away_since=date(2026, 11, 20))
    )

    assert case.facts["parents.father.away_since"] == date(2026, 11, 20)


def test_nobody_is_expected_back_before_leaving():
    with pytest.raises(EndBeforeStart):
        opened().record(
            ParentAbsenceRecorded(
                parents=("father",), movement="away", expected_back=date(2026, 11, 19)
            )
        )


def test_a_new_guardian_takes_over_nothing_of_the_old_one():
    case = grandmother_named().record(
        GuardianDesignated(guardian_type="relative_friend", name="禾姑姑", barred_check="clear")
    )

    assert case.facts["guardian.name"] == "禾姑姑"
    assert case.facts["guardian.type"] == "relative_friend"
    assert case.facts["guardian.barred_check"] == "clear"
    assert "guardian.phone" not in case.facts


def test_a_second_guardian_stands_beside_the_first():
    case = grandmother_named().record(
        GuardianDesignated(guardian_type="relative_friend", order="second", name="禾姑姑")
    )

    assert case.facts["guardian.name"] == "禾奶奶"
    assert case.facts["guardian.second.name"] == "禾姑姑"


def test_no_guardian_at_all_is_stated():
    case = grandmother_named().record(GuardianDesignated(guardian_type="none"))

    assert case.facts["guardian.type"] == "none"
    assert "guardian.name" not in case.facts


def test_nobody_has_no_name():
    with pytest.raises(Implausible):
        opened().record(GuardianDesignated(guardian_type="none", name="禾奶奶"))


def test_a_guardian_has_a_name():
    with pytest.raises(Implausible):
        opened().record(GuardianDesignated(guardian_type="grandparent"))


def test_a_barred_person_becomes_no_guardian():
    with pytest.raises(Implausible):
        opened().record(
            GuardianDesignated(guardian_type="relative_friend", name="某人", barred_check="barred")
        )


@pytest.mark.parametrize("age", [17, 16])
def test_a_minor_becomes_no_guardian(age):
    with pytest.raises(Implausible):
        opened().record(GuardianDesignated(guardian_type="relative_friend", name="某人", age=age))


def test_an_adult_of_eighteen_may_become_guardian():
    case = opened().record(
        GuardianDesignated(guardian_type="relative_friend", name="禾姐姐", age=18)
    )

    assert case.facts["guardian.age"] == 18


def test_the_village_may_be_told_of_entrusted_care_today():
    case = opened().record(entrusted(village_told_on=date(2026, 11, 20)))

    assert case.facts["guardian.delegation"]["village_told_on"] == date(2026, 11, 20)


def test_entrusted_care_says_to_whom_by_whom_and_when_the_school_was_told():
    case = opened().record(entrusted(school_told_on=date(2026, 9, 2), notice_no="2026-7"))

    assert case.facts["guardian.delegated_by"] == ("father", "mother")
    assert case.facts["guardian.delegation"]["delegate_name"] == "禾奶奶"
    assert case.facts["guardian.delegation"]["school_told_on"] == date(2026, 9, 2)


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"ends_on": date(2026, 8, 31)}, EndBeforeStart),
        ({"village_told_on": date(2026, 11, 21)}, OccurredInFuture),
        ({"relation": "mother"}, Implausible),
        ({"delegate_age": 17}, Implausible),
        ({"barred_check": "barred"}, Implausible),
    ],
)
def test_entrusted_care_is_refused_when_it_cannot_stand(terms, refusal):
    with pytest.raises(refusal):
        opened().record(entrusted(**terms))


def test_a_lost_guardian_leaves_the_child_without_one():
    case = grandmother_named().given(entrusted(), "2026-10-02")

    case.record(GuardianshipLost(cause="guardian_died", interim_care="village"))

    assert case.facts["guardian.type"] == "none"
    assert case.facts["guardian.lost"]["interim_care"] == "village"
    assert "guardian.name" not in case.facts
    assert "guardian.delegation" not in case.facts


def test_a_newly_named_guardian_ends_the_loss():
    case = opened().given(GuardianshipLost(cause="detained", interim_care="village"), "2026-11-10")

    case.record(GuardianDesignated(guardian_type="institution", name="虚构县福利院"))

    assert "guardian.lost" not in case.facts
