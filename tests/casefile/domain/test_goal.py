"""Promises and goals."""

from datetime import date
from uuid import uuid4

import pytest

from services.casefile.domain.families.goal import (
    CommitmentMade,
    CommitmentResolved,
    GoalAchieved,
    GoalSet,
)
from services.casefile.domain.refusals import (
    AlreadyOnFile,
    EndBeforeStart,
    Implausible,
    NotOnFile,
)
from tests.casefile.domain.scenario import opened


def promised():
    promise = CommitmentMade(promised_by="father", content="春节回家", due=date(2027, 2, 5))
    return opened().given(promise, "2026-11-10")


def aiming():
    return opened().given(GoalSet(goal="mend_a_fault", content="不迟到"), "2026-11-10")


def test_a_promise_is_open_until_it_is_resolved():
    case = promised()
    promise = f"commitments.{case.last_id}"

    made = case.facts[promise]
    case.record(CommitmentResolved(commitment=case.last_id, outcome="broken"))

    assert made["state"] == "open"
    assert made["due"] == date(2027, 2, 5)
    assert case.facts[promise]["state"] == "broken"


def test_a_promise_is_not_due_before_it_was_made():
    with pytest.raises(EndBeforeStart):
        opened().record(
            CommitmentMade(promised_by="father", content="回家", due=date(2026, 11, 19))
        )


@pytest.mark.parametrize(("by", "staff"), [("staff", None), ("mother", "t-101")])
def test_a_promise_of_staff_and_only_that_names_the_member(by, staff):
    with pytest.raises(Implausible):
        opened().record(
            CommitmentMade(promised_by=by, staff=staff, content="辅导", due=date(2026, 12, 1))
        )


def test_a_promise_is_resolved_once():
    case = promised()
    promise = case.last_id
    case.given(CommitmentResolved(commitment=promise, outcome="kept"), "2026-11-15")

    with pytest.raises(AlreadyOnFile):
        case.record(CommitmentResolved(commitment=promise, outcome="broken"))


def test_a_promise_that_nobody_made_is_not_resolved():
    with pytest.raises(NotOnFile):
        promised().record(CommitmentResolved(commitment=uuid4(), outcome="kept"))


def test_a_goal_is_open_until_it_is_achieved():
    case = aiming()
    goal = f"goals.{case.last_id}"

    aimed = case.facts[goal]
    case.record(GoalAchieved(target_goal=case.last_id, self_rating=4, praise="有恒心"))

    assert aimed == {"state": "open", "goal": "mend_a_fault", "content": "不迟到"}
    assert case.facts[goal] == {"state": "achieved", "self_rating": 4, "praise": "有恒心"}


def test_a_goal_is_achieved_once():
    case = aiming()
    goal = case.last_id
    case.given(GoalAchieved(target_goal=goal), "2026-11-15")

    with pytest.raises(AlreadyOnFile):
        case.record(GoalAchieved(target_goal=goal))


def test_a_promise_is_not_achieved_as_a_goal():
    case = promised()

    with pytest.raises(NotOnFile):
        case.record(GoalAchieved(target_goal=case.last_id))


def test_a_goal_is_not_due_before_it_was_set():
    with pytest.raises(EndBeforeStart):
        opened().record(GoalSet(goal="reading", due=date(2026, 11, 19)))
