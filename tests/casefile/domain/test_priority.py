"""Particular attention and special statuses."""

from datetime import date

import pytest

from services.casefile.domain.families.priority import (
    PriorityDesignated,
    PriorityLifted,
    SpecialStatusRecorded,
)
from services.casefile.domain.refusals import EndBeforeStart, Implausible, NotOnFile
from tests.casefile.domain.scenario import opened


def attended(on="2026-11-10"):
    return opened().given(PriorityDesignated(criteria=("poverty",), supporter="t-102"), on)


def disabled(**more):
    return SpecialStatusRecorded(
        special_status="disabled", **({"holds": True, "basis": "certificate"} | more)
    )


def test_particular_attention_names_criteria_and_a_member_of_staff():
    case = attended()

    assert case.facts["level.priority"]["criteria"] == ("poverty",)
    assert case.facts["level.priority"]["staff"] == "t-102"


def test_particular_attention_ends():
    case = attended().record(PriorityLifted(outcome="improved"))

    assert "level.priority" not in case.facts


def test_particular_attention_that_nobody_gave_cannot_end():
    with pytest.raises(NotOnFile):
        opened().record(PriorityLifted(outcome="improved"))


def test_particular_attention_does_not_end_before_it_began():
    with pytest.raises(EndBeforeStart):
        attended("2026-11-18").record(PriorityLifted(outcome="improved"), "2026-11-17")


def test_particular_attention_is_not_reviewed_before_it_began():
    with pytest.raises(EndBeforeStart):
        opened().record(
            PriorityDesignated(
                criteria=("poverty",), supporter="t-102", review_due=date(2026, 11, 19)
            )
        )


def test_a_special_status_holds_until_it_is_said_to_hold_no_longer():
    case = opened().given(disabled(disability_grade=2), "2026-11-10")

    held = case.facts["child.special.disabled"]
    case.record(disabled(holds=False))

    assert held == {"basis": "certificate", "disability_grade": 2}
    assert "child.special.disabled" not in case.facts


def test_a_special_status_that_was_never_there_cannot_end():
    with pytest.raises(NotOnFile):
        opened().record(disabled(holds=False))


def test_only_a_disability_has_a_grade():
    with pytest.raises(Implausible):
        opened().record(
            SpecialStatusRecorded(
                special_status="orphan", holds=True, basis="certificate", disability_grade=1
            )
        )
