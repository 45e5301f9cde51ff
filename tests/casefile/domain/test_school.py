"""Results, awards, portfolio, pledges, letters, discipline, surveys."""

from datetime import date

import pytest

from services.casefile.domain.envelope import Evidence
from services.casefile.domain.families.instrument import Answer
from services.casefile.domain.families.school import (
    AcademicResultRecorded,
    AwardReceived,
    DisciplineRecorded,
    PledgeSigned,
    PortfolioItemAdded,
    ResponsibilityLetterSigned,
    SubjectResult,
    SurveyResponseRecorded,
)
from services.casefile.domain.refusals import EndBeforeStart, Implausible
from tests.casefile.domain.scenario import opened

TERM = "2026-2027-1"
PHOTO = Evidence(kind="photo", sha256="0" * 64, media_type="image/jpeg", size=1)


def test_a_rank_comes_with_the_size_of_the_cohort():
    case = opened().record(AcademicResultRecorded(term=TERM, rank=8, cohort_size=41))

    result = case.facts[f"school.results.{TERM}.term_end"]
    assert result == {"rank": 8, "cohort_size": 41, "cohort": "class"}


def test_results_of_two_exams_stand_side_by_side():
    case = opened().record(AcademicResultRecorded(term=TERM, exam="mid_term", attainment="fair"))

    case.record(AcademicResultRecorded(term=TERM, attainment="good"))

    assert case.facts[f"school.results.{TERM}.mid_term"]["attainment"] == "fair"
    assert case.facts[f"school.results.{TERM}.term_end"]["attainment"] == "good"


@pytest.mark.parametrize(
    "result",
    [
        {"rank": 8},
        {"cohort_size": 41},
        {"rank": 42, "cohort_size": 41},
        {},
        {"subjects": (SubjectResult("chinese", mark=101, full_mark=100),)},
    ],
)
def test_a_result_that_says_nothing_or_too_much_is_refused(result):
    with pytest.raises(Implausible):
        opened().record(AcademicResultRecorded(term=TERM, **result))


def test_the_last_of_the_class_has_a_rank_too():
    case = opened().record(AcademicResultRecorded(term=TERM, rank=41, cohort_size=41))

    assert case.facts[f"school.results.{TERM}.term_end"]["rank"] == 41


def test_a_full_mark_is_possible():
    subjects = (SubjectResult("chinese", mark=100, full_mark=100),)

    case = opened().record(AcademicResultRecorded(term=TERM, subjects=subjects))

    assert f"school.results.{TERM}.term_end" in case.facts


def test_an_award_stays_on_the_file():
    case = opened().record(AwardReceived(award="reading", awarded_by="county", prize="second"))

    received = case.facts[f"school.awards.{case.last_id}"]
    assert received == {"award": "reading", "awarded_by": "county", "prize": "second"}


@pytest.mark.parametrize(
    ("appraisal", "evidence"), [("用心", ()), (None, (PHOTO,)), ("用心", (PHOTO,))]
)
def test_a_portfolio_item_is_attached_or_described(appraisal, evidence):
    item = PortfolioItemAdded(section="activity", title="剪纸", appraisal=appraisal)

    case = opened().record(item, evidence=evidence)

    assert case.entries[-1].rec == item


def test_a_portfolio_item_of_nothing_is_refused():
    with pytest.raises(Implausible):
        opened().record(PortfolioItemAdded(section="activity", title="剪纸"))


def test_a_signed_pledge_is_known_by_its_day():
    case = opened().record(PledgeSigned(pledge="no_swimming"))

    assert case.facts["school.pledges.no_swimming"] == date(2026, 11, 20)


def test_a_signed_letter_says_who_signed_and_until_when():
    case = opened().record(
        ResponsibilityLetterSigned(
            letter="safety", signed_by="guardian", valid_until=date(2027, 1, 20)
        )
    )

    signed = case.facts["school.letters.safety"]
    assert signed == {"signed_by": "guardian", "valid_until": date(2027, 1, 20)}


def test_a_letter_does_not_end_before_it_was_signed():
    with pytest.raises(EndBeforeStart):
        opened().record(
            ResponsibilityLetterSigned(
                letter="safety", signed_by="guardian", valid_until=date(2026, 11, 19)
            )
        )


def test_a_breach_says_how_serious_it_was():
    case = opened().record(
        DisciplineRecorded(breach="fighting", severity="serious", measure="warning")
    )

    assert case.facts[f"school.discipline.{case.last_id}"]["severity"] == "serious"


def test_a_survey_response_states_no_fact_about_the_child():
    case = opened()
    before = case.facts

    case.record(
        SurveyResponseRecorded(
            instrument="wishes", instrument_version=1, answers=(Answer("q1", words="想妈妈"),)
        )
    )

    assert case.facts == before


@pytest.mark.parametrize("answers", [(), (Answer("q1", option="a"), Answer("q1", option="b"))])
def test_a_survey_answers_each_item_once_and_at_least_one(answers):
    with pytest.raises(Implausible):
        opened().record(
            SurveyResponseRecorded(instrument="wishes", instrument_version=1, answers=answers)
        )
