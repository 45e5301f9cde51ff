"""School status and boarding."""

from datetime import date

import pytest

from services.casefile.domain.families.schooling import BoardingStatusChanged, SchoolStatusChanged
from services.casefile.domain.refusals import Implausible, NotOnFile
from tests.casefile.domain.scenario import opened


def missing_from_school():
    return opened().given(
        SchoolStatusChanged(
            status="suspected_dropout", absent_since=date(2026, 11, 2), reason="weary_of_study"
        ),
        "2026-11-10",
    )


def test_a_boarder_goes_home_weekly():
    case = opened().record(BoardingStatusChanged(boarding="boarding", goes_home="weekly"))

    assert case.facts["school.boarding"] == "boarding"
    assert case.facts["school.goes_home"] == "weekly"


def test_a_day_pupil_has_no_day_to_go_home():
    with pytest.raises(Implausible):
        opened().record(BoardingStatusChanged(boarding="day_pupil", goes_home="weekly"))


def test_a_suspected_dropout_says_since_when():
    case = missing_from_school()

    assert case.facts["school.status"] == "suspected_dropout"
    assert case.facts["school.absent_since"] == date(2026, 11, 2)
    assert case.facts["school.absence_reason"] == "weary_of_study"


def test_a_suspected_dropout_without_a_first_day_is_refused():
    with pytest.raises(Implausible):
        opened().record(SchoolStatusChanged(status="suspected_dropout"))


def test_a_child_may_be_absent_since_the_day_of_the_record():
    case = opened().record(
        SchoolStatusChanged(status="suspected_dropout", absent_since=date(2026, 11, 20))
    )

    assert case.facts["school.absent_since"] == date(2026, 11, 20)


def test_nobody_is_absent_since_a_day_after_the_record():
    with pytest.raises(Implausible):
        opened().record(SchoolStatusChanged(status="dropped_out", absent_since=date(2026, 11, 21)))


def test_a_returned_child_is_absent_no_more():
    case = missing_from_school().record(SchoolStatusChanged(status="returned"))

    assert case.facts["school.status"] == "returned"
    assert "school.absent_since" not in case.facts
    assert "school.absence_reason" not in case.facts


def test_a_child_who_never_stayed_away_cannot_return():
    with pytest.raises(NotOnFile):
        opened().record(SchoolStatusChanged(status="returned"))
