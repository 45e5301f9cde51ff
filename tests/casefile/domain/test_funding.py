"""Applications, enrolments, grants, rates, stops."""

from datetime import date

import pytest

from services.casefile.domain.families.funding import (
    FundingGranted,
    FundingRateChanged,
    FundingStopped,
    SchemeApplied,
    SchemeEnrolled,
    Use,
)
from services.casefile.domain.refusals import (
    AlreadyOnFile,
    EndBeforeStart,
    Implausible,
    NotOnFile,
)
from tests.casefile.domain.scenario import Scenario, opened

OCTOBER = date(2026, 10, 1)
DECEMBER = date(2026, 12, 1)


def grant(**fields) -> FundingGranted:
    usual = {
        "scheme": "sponsorship",
        "amount_fen": 50_000,
        "rhythm": "monthly",
        "payer": "sponsor",
        "starts_on": OCTOBER,
    }
    return FundingGranted(**(usual | fields))


def enrolment(**fields) -> SchemeEnrolled:
    return SchemeEnrolled(
        **({"scheme": "minimum_living", "starts_on": OCTOBER, "rate_fen": 24_500} | fields)
    )


def enrolled() -> Scenario:
    return opened().given(enrolment(), "2026-10-01")


def change(to: int = 65_000, frm: int = 24_500, **fields) -> FundingRateChanged:
    usual = {"scheme": "minimum_living", "effective_on": DECEMBER}
    return FundingRateChanged(from_fen=frm, to_fen=to, **(usual | fields))


def stop(**fields) -> FundingStopped:
    usual = {"scheme": "minimum_living", "stops_on": DECEMBER, "reason": "period_over"}
    return FundingStopped(**(usual | fields))


def test_an_application_is_open_until_it_is_answered():
    case = opened().record(SchemeApplied(scheme="minimum_living", applied_by="village"))
    assert case.facts["applications.minimum_living"]["state"] == "applied"

    case.record(enrolment())

    assert "applications.minimum_living" not in case.facts
    assert case.facts["enrolments.minimum_living"]["state"] == "enrolled"


def test_a_grant_answers_an_application_too():
    case = opened().given(SchemeApplied(scheme="sponsorship", applied_by="school"), "2026-11-18")

    case.record(grant())

    assert "applications.sponsorship" not in case.facts


def test_a_child_is_enrolled_in_a_scheme_once():
    with pytest.raises(AlreadyOnFile):
        enrolled().record(enrolment())


def test_a_child_may_be_enrolled_again_once_it_has_ended():
    case = opened().given(enrolment(ends_on=date(2026, 10, 31)), "2026-10-01")

    case.record(enrolment(starts_on=date(2026, 11, 1)))

    assert case.facts["enrolments.minimum_living"]["starts_on"] == date(2026, 11, 1)


def test_a_grant_says_who_pays_what_since_when():
    case = opened().record(grant())

    assert case.facts[f"grants.{case.last_id}"] == {
        "state": "granted",
        "scheme": "sponsorship",
        "fen": 50_000,
        "rhythm": "monthly",
        "payer": "sponsor",
        "starts_on": OCTOBER,
        "ends_on": None,
    }


def test_the_uses_of_a_grant_may_add_up_to_all_of_it():
    case = opened().record(
        grant(uses=(Use(purpose="arrears", fen=31_000), Use(purpose="books", fen=19_000)))
    )

    assert f"grants.{case.last_id}" in case.facts


def test_the_uses_of_a_grant_do_not_add_up_to_more():
    uses = (Use(purpose="arrears", fen=31_000), Use(purpose="books", fen=19_001))

    with pytest.raises(Implausible):
        opened().record(grant(uses=uses))


@pytest.mark.parametrize(
    "record", [grant(ends_on=date(2026, 9, 30)), enrolment(ends_on=date(2026, 9, 30))]
)
def test_no_money_ends_before_it_starts(record):
    with pytest.raises(EndBeforeStart):
        opened().record(record)


def test_a_new_rate_stands_beside_the_old_one():
    case = enrolled().record(change())

    assert case.facts["rates.minimum_living.2026-10-01"] == 24_500
    assert case.facts["rates.minimum_living.2026-12-01"] == 65_000


def test_the_next_change_starts_from_the_rate_of_its_day():
    case = enrolled().given(change()).record(change(70_000, 65_000, effective_on=date(2027, 1, 1)))

    assert case.facts["rates.minimum_living.2027-01-01"] == 70_000


@pytest.mark.parametrize("record", [change(frm=24_000), change(to=24_500)])
def test_a_change_from_another_rate_or_to_the_same_is_refused(record):
    with pytest.raises(Implausible):
        enrolled().record(record)


def test_the_rate_of_a_grant_changes_beside_its_first_amount():
    case = opened().given(grant(), "2026-10-01")
    granted = case.last_id

    case.record(change(60_000, 50_000, scheme="sponsorship", grant=granted))

    assert case.facts[f"rates.{granted}.2026-10-01"] == 50_000
    assert case.facts[f"rates.{granted}.2026-12-01"] == 60_000


def test_an_enrolment_still_holds_on_its_last_day():
    case = opened().given(enrolment(ends_on=DECEMBER), "2026-10-01")

    with pytest.raises(AlreadyOnFile):
        case.record(enrolment(starts_on=DECEMBER))


def test_the_rate_of_nothing_does_not_change():
    with pytest.raises(NotOnFile):
        opened().record(change())


def test_a_grant_of_another_scheme_does_not_change():
    case = opened().given(grant(), "2026-10-01")

    with pytest.raises(NotOnFile):
        case.record(change(grant=case.last_id))


def test_a_rate_does_not_change_before_the_grant_starts():
    case = opened().given(grant(), "2026-10-01")

    with pytest.raises(EndBeforeStart):
        case.record(
            change(
                frm=50_000,
                scheme="sponsorship",
                grant=case.last_id,
                effective_on=date(2026, 9, 30),
            )
        )


def test_a_stopped_enrolment_says_since_when():
    case = enrolled().record(stop())

    assert case.facts["enrolments.minimum_living"] == {
        "state": "stopped",
        "scheme": "minimum_living",
        "stops_on": DECEMBER,
    }


def test_a_stopped_grant_is_not_stopped_again():
    case = opened().given(grant(), "2026-10-01")
    granted = case.last_id
    case.record(stop(scheme="sponsorship", grant=granted))

    with pytest.raises(NotOnFile):
        case.record(stop(scheme="sponsorship", grant=granted))


def test_what_never_ran_is_not_stopped():
    with pytest.raises(NotOnFile):
        opened().record(stop())
