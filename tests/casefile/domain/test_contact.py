"""Talks and visits."""

from datetime import date

import pytest

from services.casefile.domain.families.contact import HomeVisitAttempted, HomeVisitMade, TalkHeld
from services.casefile.domain.refusals import EndBeforeStart
from tests.casefile.domain.scenario import opened


def test_a_talk_is_the_last_talk_and_leaves_the_mood():
    case = opened().record(TalkHeld(mood="low"), "2026-11-18")

    assert case.facts["last.talk"] == date(2026, 11, 18)
    assert case.facts["child.mood"] == "low"


def test_a_talk_that_says_nothing_of_the_mood_leaves_it_as_it_was():
    case = opened().given(TalkHeld(mood="low"), "2026-11-16").record(TalkHeld(), "2026-11-18")

    assert case.facts["child.mood"] == "low"


def test_a_visit_that_finds_no_hazard_takes_the_old_ones_away():
    case = opened().given(HomeVisitMade(met=("guardian",), hazards=("fire",)), "2026-11-15")
    assert case.facts["home.hazards"] == ("fire",)

    case.record(HomeVisitMade(met=("guardian",)), "2026-11-18")

    assert "home.hazards" not in case.facts


def test_a_visit_leaves_how_the_child_lives():
    case = opened().record(HomeVisitMade(met=("guardian",), living="poor"))

    assert case.facts["home.living"] == "poor"


def test_an_attempted_visit_is_no_visit():
    case = opened().record(HomeVisitAttempted(reason="nobody_home"))

    assert not [path for path in case.facts if path.startswith("last.")]


def test_the_next_attempt_does_not_come_before_this_one():
    with pytest.raises(EndBeforeStart):
        opened().record(
            HomeVisitAttempted(reason="nobody_home", next_attempt_on=date(2026, 11, 19))
        )
