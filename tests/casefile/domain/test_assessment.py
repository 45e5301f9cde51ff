"""Needs, risk, care level, difficulty."""

from datetime import date

import pytest

from services.casefile.domain.families.assessment import (
    CareLevelSet,
    DifficultyCategoriesSet,
    Need,
    NeedsAssessed,
    RiskAssessed,
    RiskScores,
    risk_level,
)
from services.casefile.domain.families.instrument import Answer
from services.casefile.domain.refusals import EndBeforeStart, Implausible
from tests.casefile.domain.scenario import opened


def risk(score, level, **more):
    fields = {
        "instrument": "risk-demo",
        "instrument_version": 1,
        "scores": RiskScores(score, score, score),
    }
    return RiskAssessed(score=score, level=level, **(fields | more))


def needs(**urgency):
    domains = dict.fromkeys(("study", "life", "psychology", "safety", "health"), "none")
    return {name: Need(urgency.get(name, plain)) for name, plain in domains.items()}


BANDS = [
    (0, "red"),
    (39, "red"),
    (40, "yellow"),
    (59, "yellow"),
    (60, "blue"),
    (79, "blue"),
    (80, "green"),
    (100, "green"),
]


@pytest.mark.parametrize(("score", "level"), BANDS)
def test_both_ends_of_every_band_have_their_colour(score, level):
    case = opened().record(risk(score, level))

    assert case.facts["level.risk"] == level
    assert case.facts["level.risk_score"] == score


def test_every_score_has_exactly_one_colour():
    assert {risk_level(score) for score in range(101)} == {"red", "yellow", "blue", "green"}


@pytest.mark.parametrize(("score", "level"), [(39, "yellow"), (59, "blue"), (79, "green")])
def test_a_level_that_does_not_follow_from_the_score_is_refused(score, level):
    with pytest.raises(Implausible):
        opened().record(risk(score, level))


def test_a_sign_of_harm_makes_the_best_score_red():
    case = opened().record(risk(95, "red", forced_report=("injury_or_neglect",)))

    assert case.facts["level.risk"] == "red"
    assert case.facts["level.forced_report"] == ("injury_or_neglect",)


def test_a_sign_of_harm_is_never_green():
    with pytest.raises(Implausible):
        opened().record(risk(95, "green", forced_report=("injury_or_neglect",)))


def test_a_later_assessment_without_signs_takes_them_away():
    case = opened().given(risk(95, "red", forced_report=("injury_or_neglect",)), "2026-11-10")

    case.record(risk(85, "green"))

    assert case.facts["level.risk"] == "green"
    assert "level.forced_report" not in case.facts


@pytest.mark.parametrize("score", [9, 91])
def test_a_score_comes_from_its_dimensions(score):
    with pytest.raises(Implausible):
        opened().record(risk(score, risk_level(score), scores=RiskScores(10, 30, 50)))


def test_the_second_assessor_is_somebody_else():
    with pytest.raises(Implausible):
        opened().record(risk(85, "green", second_assessor="t-101"))


def test_an_item_is_answered_once():
    with pytest.raises(Implausible):
        opened().record(
            risk(85, "green", answers=(Answer("q1", option="a"), Answer("q1", option="b")))
        )


def test_needs_are_stated_by_domain():
    case = opened().record(
        NeedsAssessed(
            **needs(psychology="urgent"),
            lacking=("affection", "tutoring"),
            pressing=("assistive_device",),
        )
    )

    assert case.facts["needs.psychology"] == "urgent"
    assert case.facts["needs.study"] == "none"
    assert case.facts["needs.lacking"] == ("affection", "tutoring")
    assert case.facts["needs.pressing"] == ("assistive_device",)


def test_a_care_level_holds_until_the_next():
    case = opened().given(CareLevelSet(level="universal"), "2026-11-01")

    case.record(CareLevelSet(level="key", review_due=date(2027, 2, 1)))

    assert case.facts["level.care"] == "key"
    assert case.facts["level.review_due"] == date(2027, 2, 1)


def test_a_care_level_is_not_reviewed_before_it_was_set():
    with pytest.raises(EndBeforeStart):
        opened().record(CareLevelSet(level="key", review_due=date(2026, 11, 19)))


def test_categories_of_difficulty_replace_the_earlier_ones():
    case = opened().given(DifficultyCategoriesSet(categories=("orphan", "illness")), "2026-11-01")

    case.record(DifficultyCategoriesSet(categories=("illness",)))

    assert case.facts["child.difficulties"] == ("illness",)


def test_no_difficulty_any_more_is_stated():
    case = opened().given(DifficultyCategoriesSet(categories=("illness",)), "2026-11-01")

    case.record(DifficultyCategoriesSet(categories=()))

    assert "child.difficulties" not in case.facts


def test_a_category_is_named_once():
    with pytest.raises(Implausible):
        opened().record(DifficultyCategoriesSet(categories=("illness", "illness")))
